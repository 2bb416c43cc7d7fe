/** What a server action answers: a value, or a sentence for the person. */
export type ActionResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly userMessage: string };
