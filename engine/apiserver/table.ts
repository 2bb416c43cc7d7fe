import type { AnyKind, ApiObject, Column } from '../kinds/define-kind.ts';
import type { Millis } from '../sim/simulation.ts';

/** The server-side printed form of objects. Kubernetes: meta.k8s.io/v1 Table. */
export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: { readonly resourceVersion?: string };
  readonly columnDefinitions: readonly {
    readonly name: string;
    readonly type: string;
    readonly format: string;
    readonly description: string;
    readonly priority: number;
  }[];
  readonly rows: readonly { readonly cells: readonly (string | number)[]; readonly object: unknown }[];
}

export function printTable(kind: AnyKind, objects: readonly ApiObject[], now: Millis, resourceVersion?: string): Table {
  const columns: readonly Column<ApiObject>[] = kind.columns;
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: resourceVersion === undefined ? {} : { resourceVersion },
    columnDefinitions: columns.map(({ name, type, format = '', priority }) => ({ name, type, format, description: '', priority })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.value(object, { now })),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}
