import { badRequest } from '../../schema/api-error.ts';
import { listStrategy } from '../../schema/merge-keys.ts';
import { type FieldSchema, modelOfRef, modelSchemas } from '../../schema/models.ts';
import { deepEqual } from '../../sim/plain.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A strategic merge patch: like a merge patch, but lists with a merge key merge item by item, with the directives `$patch`, `$retainKeys`,
 * `$setElementOrder/<list>` and `$deleteFromPrimitiveList/<list>`. Kubernetes: apimachinery/pkg/util/strategicpatch (1.36).
 */
export function strategicMergePatch(model: string, target: unknown, patch: unknown): unknown {
  if (!isFields(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}');
  return mergeFields(model, isFields(target) ? target : {}, patch);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mergeFields(model: string | undefined, target: Fields, patch: Fields): Fields | undefined {
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  if (patch['$patch'] === 'delete') return undefined;
  const result: Record<string, unknown> = { ...target };
  const retained = patch['$retainKeys'];
  if (Array.isArray(retained)) for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$deleteFromPrimitiveList/')) removeValues(result, key.slice('$deleteFromPrimitiveList/'.length), value);
    if (key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else assign(result, key, mergeField(model, key, result[key], value));
  }
  for (const [key, order] of Object.entries(patch)) {
    if (key.startsWith('$setElementOrder/')) reorder(model, result, key.slice('$setElementOrder/'.length), order);
  }
  return result;
}

function assign(result: Record<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) delete result[key];
  else result[key] = value;
}

function mergeField(model: string | undefined, field: string, target: unknown, patch: unknown): unknown {
  const schema = model === undefined ? undefined : modelSchemas[model]?.properties[field];
  if (isFields(patch)) return mergeFields(modelOf(schema), isFields(target) ? target : {}, patch);
  if (!Array.isArray(patch) || model === undefined) return patch;
  const strategy = listStrategy(model, field);
  const before = Array.isArray(target) ? target : [];
  switch (strategy.type) {
    case 'atomic':
      return patch;
    case 'set':
      return [...before, ...patch.filter((value) => !before.includes(value))];
    case 'byKey':
      return mergeList(modelOf(schema?.items), strategy.key, before, patch);
  }
}

function modelOf(schema: FieldSchema | undefined): string | undefined {
  return schema?.$ref === undefined ? undefined : modelOfRef(schema.$ref);
}

function mergeList(model: string | undefined, key: string, before: readonly unknown[], patch: readonly unknown[]): unknown[] {
  if (patch.some((item) => isFields(item) && item['$patch'] === 'replace' && Object.keys(item).length === 1)) {
    return patch.filter((item) => !(isFields(item) && item['$patch'] === 'replace'));
  }
  const result = [...before];
  for (const item of patch) {
    if (!isFields(item)) throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    if (item[key] === undefined) throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    const at = result.findIndex((candidate) => isFields(candidate) && deepEqual(candidate[key], item[key]));
    if (item['$patch'] === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at < 0) result.push(withoutDirectives(item));
    else result[at] = mergeFields(model, result[at] as Fields, item);
  }
  return result;
}

function withoutDirectives(fields: Fields): Fields {
  const clean = (value: unknown): unknown => (isFields(value) ? withoutDirectives(value) : Array.isArray(value) ? value.map(clean) : value);
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([key, value]) => !key.startsWith('$') && value !== null)
      .map(([key, value]) => [key, clean(value)]),
  );
}

function removeValues(result: Record<string, unknown>, field: string, values: unknown): void {
  const before = result[field];
  if (Array.isArray(before) && Array.isArray(values)) result[field] = before.filter((value) => !values.includes(value));
}

/** Items named in `order` come in that order; items that it does not name keep their place after the one they followed. */
function reorder(model: string | undefined, result: Record<string, unknown>, field: string, order: unknown): void {
  const items = result[field];
  if (!Array.isArray(items) || !Array.isArray(order) || model === undefined) return;
  const strategy = listStrategy(model, field);
  const keyOf = (item: unknown): unknown => (strategy.type === 'byKey' && isFields(item) ? item[strategy.key] : item);
  const wanted = order.map(keyOf);
  const rank = (item: unknown): number => wanted.findIndex((key) => deepEqual(key, keyOf(item)));
  let last = -1;
  const ranked = items.map((item, index) => {
    const own = rank(item);
    if (own >= 0) last = own;
    return { item, rank: own >= 0 ? own : last, index, isNamed: own >= 0 };
  });
  ranked.sort((a, b) => a.rank - b.rank || Number(b.isNamed) - Number(a.isNamed) || a.index - b.index);
  result[field] = ranked.map(({ item }) => item);
}
