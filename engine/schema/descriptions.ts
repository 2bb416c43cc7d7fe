/** Sentences by model, then by field; the empty field is the model itself. */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>;

let known: Descriptions = {};

/** Gives the engine the sentences of the API's documentation. They are for `explain` alone, and large: a page that runs a cluster leaves them out. */
export function provideDescriptions(descriptions: Descriptions): void {
  known = descriptions;
}

/** What the documentation says about a type, or about one of its fields. */
export function describe(model: string, field = ''): string | undefined {
  return known[model]?.[field];
}
