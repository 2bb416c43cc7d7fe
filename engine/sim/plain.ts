/**
 * Plain data: what all engine state is made of, so that a cluster can be copied, written down and read back.
 * Allowed are primitives, arrays, plain objects, Map and Set. Frozen objects are shared, everything else is copied.
 */
export type Plain = unknown;

/** Copies mutable state; frozen subtrees (API objects, specs) are shared by reference. */
export function copyPlain<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) {
    const items = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) items[i] = copy(value[i]);
    return items;
  }
  if (value instanceof Map) {
    const entries = new Map<unknown, unknown>();
    for (const [key, item] of value) entries.set(key, copy(item));
    return entries;
  }
  if (value instanceof Set) return new Set(value);
  const fields: Record<string, unknown> = {};
  for (const key in value) fields[key] = copy((value as Record<string, unknown>)[key]);
  return fields;
}

/** Freezes a tree of arrays and plain objects. Frozen subtrees are taken as frozen throughout and not walked again. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) for (let i = 0; i < value.length; i++) deepFreeze(value[i]);
  else for (const key in value) deepFreeze((value as Record<string, unknown>)[key]);
  return Object.freeze(value);
}

/** Copies a tree of arrays and plain objects; fields that hold `undefined` are left out, as JSON would. */
export function cloneJson<T>(value: T): Mutable<T> {
  return clone(value) as Mutable<T>;
}

function clone(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) items[i] = clone(value[i]);
    return items;
  }
  const fields: Record<string, unknown> = {};
  for (const key in value) {
    const field = (value as Record<string, unknown>)[key];
    if (field !== undefined) fields[key] = clone(field);
  }
  return fields;
}

/** A deeply writable version of a readonly API type. */
export type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;

/** Structural equality of JSON-like values. `undefined` fields count as absent. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && equalArrays(a, b);
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key in left) if (left[key] !== undefined && !deepEqual(left[key], right[key])) return false;
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false;
  return true;
}

function equalArrays(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!deepEqual(a[i], b[i])) return false;
  return true;
}

interface Encoded {
  /** Frozen subtrees, each written once however often it is shared; an entry may refer to earlier entries only. */
  readonly shared: readonly unknown[];
  readonly root: unknown;
}

/**
 * State as JSON text. Maps, sets and shared frozen objects are tagged: `{"$m":[[k,v]…]}`, `{"$s":[…]}`, `{"$r":index}`.
 * Reading it back gives equal state in which what was shared is shared again.
 */
export function encodePlain(value: unknown): string {
  const index = new Map<object, number>();
  const shared: unknown[] = [];
  const encode = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item;
    if (!Object.isFrozen(item)) return encodeFields(item, encode);
    const known = index.get(item);
    if (known !== undefined) return { $r: known };
    const encoded = encodeFields(item, encode);
    index.set(item, shared.length);
    shared.push(encoded);
    return { $r: shared.length - 1 };
  };
  const root = encode(value);
  return JSON.stringify({ shared, root } satisfies Encoded);
}

function encodeFields(item: object, encode: (item: unknown) => unknown): unknown {
  if (Array.isArray(item)) return item.map(encode);
  if (item instanceof Map) return { $m: [...item].map(([key, entry]) => [key, encode(entry)]) };
  if (item instanceof Set) return { $s: [...item] };
  const fields: Record<string, unknown> = {};
  for (const key in item) {
    const field = (item as Record<string, unknown>)[key];
    // A field whose name starts with "$" would read back as a tag.
    if (field !== undefined) fields[key.startsWith('$') ? `$${key}` : key] = encode(field);
  }
  return fields;
}

export function decodePlain(text: string): unknown {
  const { shared, root } = JSON.parse(text) as Encoded;
  const objects: unknown[] = [];
  const decode = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item;
    if (Array.isArray(item)) return item.map(decode);
    const tagged = item as { $r?: number; $m?: readonly [unknown, unknown][]; $s?: readonly unknown[] };
    if (tagged.$r !== undefined) return objects[tagged.$r];
    if (tagged.$m !== undefined) return new Map(tagged.$m.map(([key, entry]) => [key, decode(entry)]));
    if (tagged.$s !== undefined) return new Set(tagged.$s);
    const fields: Record<string, unknown> = {};
    for (const key in item) fields[key.startsWith('$$') ? key.slice(1) : key] = decode((item as Record<string, unknown>)[key]);
    return fields;
  };
  for (const entry of shared) objects.push(deepFreeze(decode(entry)));
  return decode(root);
}
