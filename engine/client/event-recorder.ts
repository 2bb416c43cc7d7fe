import { type Event, event } from '../kinds/core/event.ts';
import type { ApiObject } from '../kinds/define-kind.ts';
import { ApiError, ConnectionRefused } from '../schema/api-error.ts';
import type { Millis, Simulation } from '../sim/simulation.ts';
import type { Client } from './client.ts';

/** What a process remembers of the Events it wrote. Plain data, bounded. */
export interface EventMemory {
  /** Events by what makes two equal: object, type, reason, message. */
  readonly written: Map<string, { readonly name: string; readonly namespace: string; count: number }>;
  /** Token buckets per object: a noisy object is silenced. */
  readonly budgets: Map<string, { tokens: number; atMs: Millis }>;
}

export function eventMemory(): EventMemory {
  return { written: new Map(), budgets: new Map() };
}

/** Kubernetes: client-go/tools/record/events_cache.go (1.36): burst of 25 per object, one more every five minutes, 4096 remembered. */
const burst = 25;
const refillMs = 300_000;
const maxRemembered = 4096;

export interface EventSource {
  readonly component: string;
  /** The node, for kubelets. */
  readonly host?: string;
}

export interface EventDetails {
  readonly about: ApiObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** `spec.containers{web}` for events of one container. */
  readonly fieldPath?: string;
}

/** Writes an Event, or raises the count of the same one. A lost Event is no failure: upstream drops them as well. */
export function recordEvent(memory: EventMemory, client: Client, sim: Simulation, source: EventSource, details: EventDetails): void {
  const { about, type, reason, message, fieldPath = '' } = details;
  const { name = '', namespace = '', uid = '' } = about.metadata ?? {};
  const objectKey = `${about.kind ?? ''}/${namespace}/${name}/${uid}`;
  if (!spend(memory, objectKey, sim.now)) return;
  const key = [objectKey, fieldPath, type, reason, message].join('\n');
  const known = memory.written.get(key);
  const now = sim.timestamp();
  try {
    if (known) {
      known.count++;
      const updated = client.modify(event, known.namespace, known.name, (draft) => {
        draft.count = known.count;
        draft.lastTimestamp = now;
      });
      if (updated) return;
    }
    const home = namespace === '' ? 'default' : namespace;
    const created = client.create(event, newEvent(sim, source, details, home, now));
    remember(memory, key, created);
  } catch (error) {
    if (!(error instanceof ApiError) && !(error instanceof ConnectionRefused)) throw error;
  }
}

function newEvent(
  sim: Simulation,
  { component, host }: EventSource,
  { about, type, reason, message, fieldPath }: EventDetails,
  namespace: string,
  now: string,
): Event {
  const { name = '', uid = '', resourceVersion = '' } = about.metadata ?? {};
  return {
    // Upstream uses the nanosecond clock in hexadecimal; ours is drawn, so that events of one millisecond differ.
    metadata: { name: `${name}.${sim.hex16()}`, namespace },
    involvedObject: {
      ...(about.kind && { kind: about.kind }),
      ...(about.apiVersion && { apiVersion: about.apiVersion }),
      name,
      uid,
      resourceVersion,
      ...(about.metadata?.namespace && { namespace: about.metadata.namespace }),
      ...(fieldPath && { fieldPath }),
    },
    reason,
    message,
    type,
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
    source: { component, ...(host && { host }) },
    reportingComponent: component,
    reportingInstance: host ?? '',
  };
}

function remember(memory: EventMemory, key: string, { metadata }: Event): void {
  memory.written.set(key, { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '', count: 1 });
  if (memory.written.size > maxRemembered) memory.written.delete(memory.written.keys().next().value as string);
}

function spend(memory: EventMemory, objectKey: string, now: Millis): boolean {
  const budget = memory.budgets.get(objectKey);
  if (!budget) {
    memory.budgets.set(objectKey, { tokens: burst - 1, atMs: now });
    if (memory.budgets.size > maxRemembered) memory.budgets.delete(memory.budgets.keys().next().value as string);
    return true;
  }
  const refilled = Math.floor((now - budget.atMs) / refillMs);
  if (refilled > 0) {
    budget.tokens = Math.min(burst, budget.tokens + refilled);
    budget.atMs += refilled * refillMs;
  }
  if (budget.tokens <= 0) return false;
  budget.tokens--;
  return true;
}
