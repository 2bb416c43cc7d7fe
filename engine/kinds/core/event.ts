import type { CoreV1Event } from '../../schema/generated/models.ts';
import { ageSince } from '../columns.ts';
import { type ColumnContext, column, defineKind, nameColumn, wideColumn } from '../define-kind.ts';

export type Event = CoreV1Event;

function lastSeen(object: Event, { now }: ColumnContext): string {
  return ageSince(object.lastTimestamp ?? object.eventTime ?? object.firstTimestamp, now);
}

function shownObject({ involvedObject }: Event): string {
  return `${(involvedObject.kind ?? '').toLowerCase()}/${involvedObject.name ?? ''}`;
}

/** Kubernetes: pkg/registry/core/event (1.36); events live for one hour (`--event-ttl`). */
export const event = defineKind<Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  model: 'CoreV1Event',
  ttlMs: 3_600_000,
  isTraced: false,
  fieldSelectors: {
    'involvedObject.kind': (object) => object.involvedObject.kind ?? '',
    'involvedObject.namespace': (object) => object.involvedObject.namespace ?? '',
    'involvedObject.name': (object) => object.involvedObject.name ?? '',
    'involvedObject.uid': (object) => object.involvedObject.uid ?? '',
    'involvedObject.apiVersion': (object) => object.involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': (object) => object.involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': (object) => object.involvedObject.fieldPath ?? '',
    reason: (object) => object.reason ?? '',
    reportingComponent: (object) => object.reportingComponent ?? '',
    source: (object) => object.source?.component ?? '',
    type: (object) => object.type ?? '',
  },
  columns: [
    column('Last Seen', lastSeen),
    column('Type', (object) => object.type ?? ''),
    column('Reason', (object) => object.reason ?? ''),
    column('Object', shownObject),
    wideColumn('Subobject', (object) => object.involvedObject.fieldPath ?? ''),
    wideColumn('Source', (object) => [object.source?.component, object.source?.host].filter(Boolean).join(', ')),
    column('Message', (object) => (object.message ?? '').trim()),
    wideColumn('First Seen', (object, { now }) => ageSince(object.firstTimestamp ?? object.eventTime, now)),
    wideColumn('Count', (object) => String(object.count ?? 1)),
    { ...nameColumn<Event>(), priority: 1 },
  ],
});
