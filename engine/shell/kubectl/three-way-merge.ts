import { listStrategy } from '../../schema/merge-keys.ts';
import { modelOfRef, modelSchemas } from '../../schema/models.ts';
import { deepEqual } from '../../sim/plain.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Versions {
  /** What was applied last time. */
  readonly original: unknown;
  /** What is applied now. */
  readonly modified: unknown;
  /** What the server has. */
  readonly current: unknown;
}

/**
 * The strategic merge patch of `kubectl apply`: changes and additions from the present to what is wanted, and removals of what was applied
 * before and is wanted no more; what others have set stays. `undefined` when nothing is to change.
 * Kubernetes: apimachinery/pkg/util/strategicpatch CreateThreeWayMergePatch (1.36).
 */
export function threeWayPatch(model: string, versions: Versions): Fields | undefined {
  const patch = diffFields(model, versions);
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function diffFields(model: string | undefined, versions: Versions): Fields {
  const original = asFields(versions.original);
  const modified = asFields(versions.modified);
  const current = asFields(versions.current);
  const patch: Record<string, unknown> = {};
  for (const [key, wanted] of Object.entries(modified)) {
    if (wanted === undefined) continue;
    const difference = diffField(model, key, { original: original[key], modified: wanted, current: current[key] });
    if (difference !== undefined) Object.assign(patch, difference);
  }
  for (const key of Object.keys(original)) if (modified[key] === undefined && current[key] !== undefined) patch[key] = null;
  return patch;
}

function diffField(model: string | undefined, key: string, { original, modified, current }: Versions): Fields | undefined {
  const schema = model === undefined ? undefined : modelSchemas[model]?.properties[key];
  if (isFields(modified)) {
    if (!isFields(current)) return { [key]: modified };
    const inner = diffFields(schema?.$ref === undefined ? undefined : modelOfRef(schema.$ref), { original, modified, current });
    return Object.keys(inner).length === 0 ? undefined : { [key]: inner };
  }
  if (!Array.isArray(modified) || model === undefined) return deepEqual(modified, current) ? undefined : { [key]: modified };
  const strategy = listStrategy(model, key);
  if (strategy.type !== 'byKey' || !Array.isArray(current)) return deepEqual(modified, current) ? undefined : { [key]: modified };
  const itemModel = schema?.items?.$ref === undefined ? undefined : modelOfRef(schema.items.$ref);
  const before = Array.isArray(original) ? original : [];
  return diffList({ field: key, mergeKey: strategy.key, model: itemModel }, { original: before, modified, current });
}

interface KeyedList {
  readonly field: string;
  readonly mergeKey: string;
  readonly model: string | undefined;
}

function diffList({ field, mergeKey, model }: KeyedList, versions: Versions): Fields | undefined {
  const [original, modified, current] = [versions.original, versions.modified, versions.current] as [
    readonly Fields[],
    readonly Fields[],
    readonly Fields[],
  ];
  const find = (items: readonly Fields[], item: Fields): Fields | undefined =>
    items.find((candidate) => deepEqual(candidate[mergeKey], item[mergeKey]));
  const changes: Fields[] = [];
  for (const item of modified) {
    const present = find(current, item);
    if (!present) {
      changes.push(item);
      continue;
    }
    const inner = diffFields(model, { original: find(original, item), modified: item, current: present });
    if (Object.keys(inner).length > 0) changes.push({ ...inner, [mergeKey]: item[mergeKey] });
  }
  for (const item of original) {
    if (!find(modified, item) && find(current, item)) changes.push({ $patch: 'delete', [mergeKey]: item[mergeKey] });
  }
  if (changes.length === 0) return undefined;
  return { [`$setElementOrder/${field}`]: modified.map((item) => ({ [mergeKey]: item[mergeKey] })), [field]: changes };
}
