/**
 * Resource quantities: `500m`, `1Gi`, `0.5`, `2e3`. Kubernetes: apimachinery/pkg/api/resource (1.36).
 * Values are plain numbers: exact up to 2^53 in the unit asked for, which is beyond what any simulated node has.
 */
const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+))([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const binary: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

export const quantityMessage = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const parsed = new Map<string, number | undefined>();

/** The value in whole units (cores, bytes, pieces), or `undefined` when the text is no quantity. */
export function parseQuantity(text: string): number | undefined {
  if (parsed.has(text)) return parsed.get(text);
  const value = parseNew(text);
  // A bounded memo: a cluster uses few distinct quantities, a hostile client may use many.
  if (parsed.size > 10_000) parsed.clear();
  parsed.set(text, value);
  return value;
}

function parseNew(text: string): number | undefined {
  const parts = pattern.exec(text);
  if (!parts) return undefined;
  const suffix = parts[2] ?? '';
  const bits = binary[suffix];
  if (bits !== undefined) return Number(parts[1]) * 2 ** bits;
  const exponent = decimal[suffix] ?? Number(suffix.slice(1));
  return Number(`${parts[1]}e${exponent}`);
}

/** Thousandths of a core, rounded up; 0 for no quantity. */
export function cpuMillis(text: string | undefined): number {
  return text === undefined ? 0 : Math.ceil((parseQuantity(text) ?? 0) * 1000 - 1e-9) + 0;
}

/** Whole bytes or pieces, rounded up; 0 for no quantity. */
export function wholeUnits(text: string | undefined): number {
  // The addition makes a plain 0 of -0.
  return text === undefined ? 0 : Math.ceil((parseQuantity(text) ?? 0) - 1e-9) + 0;
}

const canonical = new Map<string, string | undefined>();

/** The form in which the API server writes a quantity back: `1000m` → `1`, `0.5` → `500m`, `2048Mi` → `2Gi`. */
export function canonicalQuantity(text: string): string | undefined {
  if (canonical.has(text)) return canonical.get(text);
  const form = canonicalNew(text);
  if (canonical.size > 10_000) canonical.clear();
  canonical.set(text, form);
  return form;
}

function canonicalNew(text: string): string | undefined {
  const parts = pattern.exec(text);
  const value = parseQuantity(text);
  if (!parts || value === undefined) return undefined;
  const suffix = parts[2] ?? '';
  if (value === 0) return '0';
  if (binary[suffix] !== undefined && Number.isInteger(value)) return scaled(value, 1024, ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']);
  if (/^[eE]/.test(suffix) && Number.isInteger(value)) {
    const thousands = scaled(value, 1000, ['', 'e3', 'e6', 'e9', 'e12', 'e15', 'e18']);
    return thousands;
  }
  if (Number.isInteger(value)) return scaled(value, 1000, ['', 'k', 'M', 'G', 'T', 'P', 'E']);
  const millis = value * 1000;
  if (Math.abs(millis - Math.round(millis)) < 1e-6) return `${Math.round(millis)}m`;
  const micros = value * 1e6;
  if (Math.abs(micros - Math.round(micros)) < 1e-3) return `${Math.round(micros)}u`;
  return `${Math.ceil(value * 1e9)}n`;
}

/** Uses the largest suffix that leaves a whole number. */
function scaled(value: number, base: number, suffixes: readonly string[]): string {
  let rest = value;
  let index = 0;
  while (rest % base === 0 && index < suffixes.length - 1) {
    rest /= base;
    index++;
  }
  return `${rest}${suffixes[index]}`;
}
