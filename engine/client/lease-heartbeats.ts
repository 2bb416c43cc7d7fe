import type { ApiServer } from '../apiserver/api-server.ts';
import { type Lease, lease } from '../kinds/coordination/lease.ts';
import { type Node, node as nodeKind } from '../kinds/core/node.ts';
import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import { formatMicroTime, formatTime, type Millis, type Simulation } from '../sim/simulation.ts';
import { createApiClient } from './api-client.ts';
import { splitKey } from './controller.ts';
import { type Heartbeats, leaseRenewMs } from './heartbeat.ts';

interface Keeper {
  /** The first beat; the others follow every ten seconds. */
  readonly sinceMs: Millis;
  readonly holder: string;
  /** Since when no beat gets through, because the API is away. */
  cutOffMs: Millis | undefined;
}

export interface HeartbeatState {
  readonly keepers: Map<string, Keeper>;
  /** Last beats of keepers that are gone. */
  readonly last: Map<string, Millis>;
  /** Leases whose last beat could not be written yet. */
  readonly unwritten: Set<string>;
}

export function heartbeatState(): HeartbeatState {
  return { keepers: new Map(), last: new Map(), unwritten: new Set() };
}

/** How often a kubelet reports the status of a node that does not change. Kubernetes: nodeStatusReportFrequency (1.36). */
const statusReportMs: Millis = 300_000;

/** Leases that are renewed without timers; see `Heartbeats`. */
export class LeaseHeartbeats implements Heartbeats {
  readonly #state: HeartbeatState;
  readonly #sim: Simulation;
  readonly #api: () => ApiServer;

  constructor(state: HeartbeatState, sim: Simulation, api: () => ApiServer) {
    this.#state = state;
    this.#sim = sim;
    this.#api = api;
  }

  keepAlive(leaseKey: string, holder = splitKey(leaseKey).name): void {
    const isUp = this.#api().isAvailable;
    this.#state.keepers.set(leaseKey, { sinceMs: this.#sim.now, holder, cutOffMs: isUp ? undefined : this.#sim.now });
    if (isUp) this.#write(leaseKey, holder, this.#sim.now);
  }

  release(leaseKey: string): void {
    const last = this.lastBeatMs(leaseKey);
    const keeper = this.#state.keepers.get(leaseKey);
    if (!keeper || last === undefined) return;
    this.#state.keepers.delete(leaseKey);
    this.#state.last.set(leaseKey, last);
    if (this.#api().isAvailable) this.#write(leaseKey, keeper.holder, last);
    else this.#state.unwritten.add(leaseKey);
  }

  isKeptAlive(leaseKey: string): boolean {
    const keeper = this.#state.keepers.get(leaseKey);
    return keeper !== undefined && keeper.cutOffMs === undefined;
  }

  lastBeatMs(leaseKey: string): Millis | undefined {
    const keeper = this.#state.keepers.get(leaseKey);
    if (!keeper) return this.#state.last.get(leaseKey);
    return lastBeat(keeper.sinceMs, keeper.cutOffMs ?? this.#sim.now, leaseRenewMs);
  }

  /** The API server or its storage went away: beats no longer get through. */
  onApiDown(): void {
    for (const keeper of this.#state.keepers.values()) keeper.cutOffMs ??= this.#sim.now;
  }

  /** The API is back: the living renew at once, the last beats of the dead are written down. */
  onApiUp(): void {
    for (const [key, keeper] of this.#state.keepers) {
      if (keeper.cutOffMs === undefined) continue;
      this.#state.keepers.set(key, { sinceMs: this.#sim.now, holder: keeper.holder, cutOffMs: undefined });
      this.#write(key, keeper.holder, this.#sim.now);
    }
    for (const key of [...this.#state.unwritten]) {
      this.#state.unwritten.delete(key);
      this.#write(key, splitKey(key).name, this.#state.last.get(key) ?? this.#sim.now);
    }
  }

  /** What a reader sees: leases and node conditions with the beats that nobody had to write. */
  fill(kind: AnyKind, object: ApiObject): ApiObject {
    const name = object.metadata?.name ?? '';
    if (kind === (lease as AnyKind)) return this.#fillLease(object as Lease, `${object.metadata?.namespace ?? ''}/${name}`);
    return kind === (nodeKind as AnyKind) ? this.#fillNode(object as Node, `kube-node-lease/${name}`) : object;
  }

  #fillLease(object: Lease, key: string): Lease {
    const beat = this.#state.keepers.has(key) ? this.lastBeatMs(key) : undefined;
    return beat === undefined ? object : { ...object, spec: { ...object.spec, renewTime: formatMicroTime(beat) } };
  }

  #fillNode(object: Node, key: string): Node {
    const keeper = this.#state.keepers.get(key);
    if (!keeper || !object.status?.conditions) return object;
    const reported = formatTime(lastBeat(keeper.sinceMs, keeper.cutOffMs ?? this.#sim.now, statusReportMs));
    const conditions = object.status.conditions.map((condition) =>
      condition.lastHeartbeatTime !== undefined && condition.lastHeartbeatTime < reported
        ? { ...condition, lastHeartbeatTime: reported }
        : condition,
    );
    return { ...object, status: { ...object.status, conditions } };
  }

  #write(leaseKey: string, holder: string, beatMs: Millis): void {
    const { namespace, name } = splitKey(leaseKey);
    const isNode = namespace === 'kube-node-lease';
    const client = createApiClient(
      this.#api(),
      { name: isNode ? `system:node:${name}` : `system:${name}`, groups: ['system:authenticated'] },
      isNode ? `kubelet/${name}` : name,
    );
    const renewTime = formatMicroTime(beatMs);
    const changed = client.modify(lease, namespace, name, (draft) => {
      draft.spec = { ...draft.spec, holderIdentity: holder, renewTime };
    });
    if (changed) return;
    client.create(lease, {
      metadata: { namespace, name },
      spec: {
        holderIdentity: holder,
        leaseDurationSeconds: isNode ? 40 : 15,
        renewTime,
        ...(!isNode && { acquireTime: renewTime, leaseTransitions: 0 }),
      },
    });
  }
}

function lastBeat(sinceMs: Millis, untilMs: Millis, everyMs: Millis): Millis {
  return sinceMs + Math.floor((untilMs - sinceMs) / everyMs) * everyMs;
}
