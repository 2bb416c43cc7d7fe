import type { AnyKind, ApiObject, Column } from '../../kinds/define-kind.ts';
import { formatLabels } from '../../kinds/labels.ts';
import { toYaml } from '../../schema/yaml-output.ts';
import type { Millis } from '../../sim/simulation.ts';
import { UsageProblem } from './flags.ts';
import { findPath, renderJsonPath } from './jsonpath.ts';
import { shownName } from './session.ts';

export interface PrintOptions {
  readonly wide: boolean;
  readonly withNamespace: boolean;
  readonly withKind: boolean;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
  readonly noHeaders: boolean;
  readonly now: Millis;
}

/** Rows with three spaces between the columns, as kubectl's tab writer sets them; descriptions have two. */
export function alignRows(rows: readonly (readonly string[])[], gap = 3): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  return rows
    .map(
      (row) => `${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd((widths[index] as number) + gap))).join('')}\n`,
    )
    .join('');
}

/** The header and the rows of `kubectl get`. */
export function tableRows(kind: AnyKind, objects: readonly ApiObject[], options: PrintOptions): readonly (readonly string[])[] {
  const columns: readonly Column<ApiObject>[] = (kind.columns as readonly Column<ApiObject>[]).filter(
    (column) => column.priority === 0 || options.wide,
  );
  const header = [
    ...(options.withNamespace ? ['NAMESPACE'] : []),
    ...columns.map((column) => column.name.toUpperCase()),
    ...options.labelColumns.map((label) => label.slice(label.lastIndexOf('/') + 1).toUpperCase()),
    ...(options.showLabels ? ['LABELS'] : []),
  ];
  const rows = objects.map((object) => [
    ...(options.withNamespace ? [object.metadata?.namespace ?? ''] : []),
    ...columns.map((column) => {
      const text = String(column.value(object, { now: options.now }));
      return options.withKind && column.format === 'name' ? shownName(kind, text) : text;
    }),
    ...options.labelColumns.map((label) => object.metadata?.labels?.[label] ?? ''),
    ...(options.showLabels ? [formatLabels(object.metadata?.labels)] : []),
  ]);
  return options.noHeaders ? rows : [header, ...rows];
}

/** Objects without what kubectl hides unless it is asked for. */
function shown(object: ApiObject): ApiObject {
  if (object.metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Keys in alphabetical order, as Go's encoders write them. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  );
}

/** `-o` formats that print the data itself; `undefined` for the table formats. */
export function printData(format: string, data: unknown, kindOf: (object: ApiObject) => AnyKind | undefined): string | undefined {
  const [name = '', ...parts] = format.split('=');
  const argument = parts.join('=');
  switch (name) {
    case 'yaml':
      return toYaml(shownData(data));
    case 'json':
      return `${JSON.stringify(sorted(shownData(data)), undefined, 4)}\n`;
    case 'name':
      return itemsOf(data)
        .map((object) => {
          const kind = kindOf(object);
          return `${kind ? shownName(kind, object.metadata?.name ?? '') : (object.metadata?.name ?? '')}\n`;
        })
        .join('');
    case 'jsonpath':
    case 'jsonpath-as-json':
      return renderJsonPath(argument, data);
    case 'custom-columns':
      return customColumns(argument, itemsOf(data));
    case '':
    case 'wide':
      return undefined;
    default:
      throw new UsageProblem(
        `unable to match a printer suitable for the output format "${name}", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml`,
      );
  }
}

function shownData(data: unknown): unknown {
  const list = data as { readonly items?: readonly ApiObject[] };
  return Array.isArray(list.items) ? { ...list, items: list.items.map(shown) } : shown(data as ApiObject);
}

function itemsOf(data: unknown): readonly ApiObject[] {
  const { items } = data as { readonly items?: readonly ApiObject[] };
  return items ?? [data as ApiObject];
}

function customColumns(spec: string, objects: readonly ApiObject[]): string {
  const columns = spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) throw new UsageProblem(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    return { header: part.slice(0, colon), path: part.slice(colon + 1) };
  });
  const rows = objects.map((object) =>
    columns.map(({ path }) => {
      const values = findPath(path.startsWith('.') || path.startsWith('{') ? path.replace(/^\{|\}$/g, '') : `.${path}`, object);
      return values.length === 0 ? '<none>' : values.map((value) => (typeof value === 'object' ? goMap(value) : String(value))).join(',');
    }),
  );
  return alignRows([columns.map(({ header }) => header), ...rows]);
}

/** Go's `%v` of a map or list. */
function goMap(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`;
  return `map[${Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${key}:${goMap(field)}`)
    .join(' ')}]`;
}
