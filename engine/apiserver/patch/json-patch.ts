import { ApiError, badRequest } from '../../schema/api-error.ts';
import { deepEqual } from '../../sim/plain.ts';

/** RFC 6902 JSON patch. Failures are `Invalid` with the words of upstream's library, which kubectl shows. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  if (patch.length > 10_000)
    throw new ApiError('RequestEntityTooLarge', `The allowed maximum operations in a JSON patch is 10000, got ${patch.length}`);
  let document = structuredCopy(target);
  for (const operation of patch as readonly Record<string, unknown>[]) document = applyOperation(document, operation);
  return document;
}

function applyOperation(document: unknown, operation: Record<string, unknown>): unknown {
  const { op, path, value, from } = operation as { op?: string; path?: string; value?: unknown; from?: string };
  if (typeof path !== 'string') throw badRequest('error decoding patch: missing "path"');
  switch (op) {
    case 'add':
      return put(document, parse(path), structuredCopy(value), 'add', path);
    case 'remove':
      return take(document, parse(path), 'remove', path).document;
    case 'replace':
      read(document, parse(path), 'replace', path);
      return put(document, parse(path), structuredCopy(value), 'replace', path);
    case 'move': {
      const taken = take(document, parse(from ?? ''), 'move', from ?? '');
      return put(taken.document, parse(path), taken.value, 'add', path);
    }
    case 'copy':
      return put(document, parse(path), structuredCopy(read(document, parse(from ?? ''), 'copy', from ?? '')), 'add', path);
    case 'test':
      if (!deepEqual(find(document, parse(path)), value ?? undefined)) throw failed(`testing value ${path} failed: test failed`);
      return document;
    default:
      throw failed(`Unexpected kind: ${op ?? ''}`);
  }
}

function failed(message: string): ApiError {
  return new ApiError('Invalid', `the server rejected our request due to an error in our request: ${message}`);
}

function parse(path: string): readonly string[] {
  if (path === '') return [];
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function child(container: unknown, key: string): unknown {
  if (Array.isArray(container)) return container[Number(key)];
  if (typeof container === 'object' && container !== null && Object.hasOwn(container, key))
    return (container as Record<string, unknown>)[key];
  return undefined;
}

function find(document: unknown, parts: readonly string[]): unknown {
  return parts.reduce(child, document);
}

function read(document: unknown, parts: readonly string[], operation: string, path: string): unknown {
  const value = find(document, parts);
  if (value === undefined) throw failed(`${operation} operation does not apply: doc is missing key: ${path}: missing value`);
  return value;
}

function put(document: unknown, parts: readonly string[], value: unknown, operation: 'add' | 'replace', path: string): unknown {
  const last = parts.at(-1);
  if (last === undefined) return value;
  const parent = find(document, parts.slice(0, -1));
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length)
      throw failed(`${operation} operation does not apply: doc is missing path: ${path}: missing value`);
    if (operation === 'add') parent.splice(index, 0, value);
    else parent[index] = value;
  } else if (typeof parent === 'object' && parent !== null) {
    Object.defineProperty(parent, last, { value, writable: true, enumerable: true, configurable: true });
  } else throw failed(`${operation} operation does not apply: doc is missing path: ${path}: missing value`);
  return document;
}

function take(
  document: unknown,
  parts: readonly string[],
  operation: string,
  path: string,
): { readonly document: unknown; readonly value: unknown } {
  const value = read(document, parts, operation, path);
  const parent = find(document, parts.slice(0, -1));
  const last = parts.at(-1) as string;
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete (parent as Record<string, unknown>)[last];
  return { document, value };
}

function structuredCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(structuredCopy);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, structuredCopy(field)]));
}
