import { Environment } from '@marcbachmann/cel-js';
import { parseQuantity } from '#engine';

/** An expression of an author, ready to be asked. */
export interface Expression {
  readonly text: string;
  /** `undefined` when the object lacks a field that the expression reads: a matter of the object, not of the author. */
  evaluate(variables: Readonly<Record<string, unknown>>): unknown;
}

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 2000, maxDepth: 60, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 16 },
})
  .registerFunction('quantity(string): double', (text: string) => parseQuantity(text) ?? Number.NaN)
  .registerFunction('ready(dyn): bool', (object: unknown) => isReady(object));

const parsed = new Map<string, Expression>();

/** Parses an expression; throws with the place when it is none. Memory is bounded by the course's own texts. */
export function parseCel(text: string): Expression {
  const known = parsed.get(text);
  if (known) return known;
  const program = environment.parse(text);
  const expression: Expression = {
    text,
    evaluate(variables) {
      try {
        return toPlain(program(toCel(variables) as Record<string, unknown>));
      } catch {
        return undefined;
      }
    },
  };
  parsed.set(text, expression);
  return expression;
}

/** Why a text is no expression that may be used; `undefined` when it is fine. */
export function findCelProblem(text: string): string | undefined {
  // A quantifier inside of a quantified group can take exponential time.
  if (/\([^()]*[+*][^()]*\)[+*{]/.test(text) && text.includes('matches('))
    return 'a pattern with a repetition inside of a repetition can run for ever';
  try {
    environment.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? 'cannot be parsed') : String(error);
  }
}

// Stored objects are frozen and shared, so that one conversion serves every question about them.
const converted = new WeakMap<object, unknown>();

/** Kubernetes has no fractions in JSON numbers: whole numbers are CEL's int. */
function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (!Object.isFrozen(value)) return convert(value);
  let known = converted.get(value);
  if (known === undefined) {
    known = convert(value);
    converted.set(value, known);
  }
  return known;
}

function convert(value: object): unknown {
  if (Array.isArray(value)) return value.map(toCel);
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    if (field !== undefined) copy[key] = toCel(field);
  }
  return copy;
}

function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toPlain);
  return value;
}

function isReady(object: unknown): boolean {
  const { metadata, status } = object as {
    readonly metadata?: { readonly deletionTimestamp?: string };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  };
  return (
    metadata?.deletionTimestamp === undefined && (status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') ?? false)
  );
}
