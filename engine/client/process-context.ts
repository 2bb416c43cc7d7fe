import type { ApiObject, KindDefinition } from '../kinds/define-kind.ts';
import type { LatencyProfile } from '../sim/latency.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { TraceRecorder } from '../trace/recorder.ts';
import { createSimContext, extendContext } from '../trace/sim-context.ts';
import type { Client } from './client.ts';
import { recordEvent } from './event-recorder.ts';
import type { Lister } from './informer.ts';
import type { ProcessContext, ProcessDefinition } from './process.ts';
import type { ProcessMemory } from './process-host.ts';

export interface ProcessContextParts {
  readonly sim: Simulation;
  readonly trace: TraceRecorder;
  latencies(): LatencyProfile;
  readonly definition: ProcessDefinition<object>;
  readonly memory: ProcessMemory;
  readonly client: Client;
  lister<T extends ApiObject>(kind: KindDefinition<T>): Lister<T>;
}

/** What a process is handed: the clock, its client, its caches, its recorder. */
export function createProcessContext(parts: ProcessContextParts): ProcessContext<object> {
  const { sim, trace, definition, memory, client, latencies, lister } = parts;
  const { name, node } = definition;
  const source = { component: definition.eventSource ?? (name.split('/')[0] as string), ...(name.includes('/') && { host: node }) };
  const context = extendContext(createSimContext({ sim, trace, name, state: memory.state, latencies }), {
    node,
    client,
    lister,
    event: (about: ApiObject, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string) =>
      recordEvent(memory.events, client, sim, source, { about, type, reason, message, ...(fieldPath && { fieldPath }) }),
  });
  return Object.defineProperty(context, 'isSynced', { get: () => memory.isSynced, enumerable: true }) as ProcessContext<object>;
}
