import { again, type ControllerContext, type ControllerDefinition, done, type ReconcileResult } from '../client/controller.ts';
import type { Heartbeats } from '../client/heartbeat.ts';
import type { WatchChange } from '../client/process.ts';
import { lease } from '../kinds/coordination/lease.ts';
import { type Node, node } from '../kinds/core/node.ts';
import { pod } from '../kinds/core/pod.ts';
import type { V1Taint } from '../schema/generated/models.ts';
import { deepEqual } from '../sim/plain.ts';
import { type Millis, parseTime } from '../sim/simulation.ts';
import {
  type Disruption,
  disruptionOf,
  evictionPause,
  monitorGraceMs,
  nodeCondition,
  planNoExecuteTaints,
  planNoScheduleTaints,
  readyStatus,
  silentConditions,
  startupGraceMs,
  zoneOf,
} from './node-health.ts';
import { podCondition } from './pod-state.ts';
import { metaOf, namespaceOf, refsTo, refTo } from './stored-object.ts';

interface NodeLifecycleState {
  /** Uids of the nodes that were announced, by name. */
  readonly known: Map<string, string>;
  /** By zone: when the next silent node may lose its pods. */
  readonly nextEvictionAt: Map<string, Millis>;
}
type Context = ControllerContext<NodeLifecycleState>;
type Beats = Pick<Heartbeats, 'isKeptAlive' | 'lastBeatMs'>;

const leaseNamespace = 'kube-node-lease';

/** Notices nodes that fall silent and taints nodes by their conditions. Kubernetes: pkg/controller/nodelifecycle (1.36). */
export function nodeLifecycleController(heartbeats: Beats): ControllerDefinition<NodeLifecycleState> {
  return {
    name: 'node-lifecycle-controller',
    watches: [
      { kind: node, enqueue: keysForNode },
      { kind: lease, enqueue: keysForLease },
    ],
    reads: [pod],
    initialState: () => ({ known: new Map(), nextEvictionAt: new Map() }),

    reconcile(context, name) {
      const stored = context.lister(node).byKey(name);
      if (!stored) return forgetNode(context, name);
      announce(context, stored);
      const silence = silenceOf(context, heartbeats, stored);
      const current = silence.isLost ? markSilent(context, stored) : stored;
      if (readyStatus(current) !== 'True') markPodsNotReady(context, current);
      report(context, current);
      const tainted = writeTaints(context, current, planNoScheduleTaints(current, context.timestamp));
      const eviction = taintForEviction(context, tainted);
      return soonest(eviction, silence.lostInMs);
    },
  };
}

function keysForNode({ lister }: Context, change: WatchChange): readonly string[] {
  const { name } = metaOf(change.object);
  if (change.type !== 'modified') return [name];
  const isTurn = readyStatus(change.old as Node) !== readyStatus(change.object as Node);
  if (!isTurn) return [name];
  // A node that comes or goes changes how badly its zone is hit, and so what may be done to the others.
  const keys = [name];
  for (const other of lister(node).list()) if (metaOf(other).name !== name && readyStatus(other) !== 'True') keys.push(metaOf(other).name);
  return keys;
}

function keysForLease(_context: Context, { object }: WatchChange): readonly string[] {
  return namespaceOf(object) === leaseNamespace ? [metaOf(object).name] : [];
}

function forgetNode(context: Context, name: string): ReconcileResult {
  const uid = context.state.known.get(name);
  if (uid === undefined) return done;
  context.state.known.delete(name);
  context.event(
    { apiVersion: 'v1', kind: 'Node', metadata: { name, uid } },
    'Normal',
    'RemovingNode',
    `Node ${name} event: Removing Node ${name} from Controller`,
  );
  return done;
}

function announce(context: Context, stored: Node): void {
  const { name, uid } = metaOf(stored);
  if (context.state.known.has(name)) return;
  context.state.known.set(name, uid);
  context.event(stored, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
}

interface Silence {
  readonly isLost: boolean;
  /** When the node will count as lost if it stays silent; `undefined` while it is heard, and afterwards. */
  readonly lostInMs: Millis | undefined;
}

function silenceOf(context: Context, heartbeats: Beats, stored: Node): Silence {
  const { name, creationTimestamp } = metaOf(stored);
  const key = `${leaseNamespace}/${name}`;
  if (heartbeats.isKeptAlive(key)) return { isLost: false, lostInMs: undefined };
  const renewTime = context.lister(lease).byKey(key)?.spec?.renewTime;
  const posted = nodeCondition(stored, 'Ready')?.lastHeartbeatTime;
  const beats = [heartbeats.lastBeatMs(key), renewTime && parseTime(renewTime), posted && parseTime(posted)].filter(
    (at) => typeof at === 'number',
  );
  const due = beats.length > 0 ? Math.max(...beats) + monitorGraceMs : (parseTime(creationTimestamp) ?? context.now) + startupGraceMs;
  return context.now >= due ? { isLost: true, lostInMs: undefined } : { isLost: false, lostInMs: due - context.now };
}

function markSilent(context: Context, stored: Node): Node {
  const conditions = silentConditions(stored, context.timestamp);
  if (deepEqual(conditions, stored.status?.conditions)) return stored;
  const { name } = metaOf(stored);
  const wasReady = readyStatus(stored) === 'True';
  const updated = context.client.updateStatus(node, { ...stored, status: { ...stored.status, conditions } });
  if (wasReady) context.event(stored, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
  return updated;
}

/** Nobody on a lost node would say so: traffic must not go to its pods. */
function markPodsNotReady(context: Context, { metadata }: Node): void {
  for (const resident of context.lister(pod).onNode(metadata?.name ?? '')) {
    if (podCondition(resident, 'Ready')?.status !== 'True') continue;
    let isMarked = false;
    context.client.modify(
      pod,
      namespaceOf(resident),
      metaOf(resident).name,
      (draft) => {
        const ready =
          draft.metadata?.uid === metaOf(resident).uid ? draft.status?.conditions?.find(({ type }) => type === 'Ready') : undefined;
        if (ready?.status !== 'True') return;
        ready.status = 'False';
        ready.lastTransitionTime = context.timestamp;
        isMarked = true;
      },
      'status',
    );
    if (isMarked) context.event(resident, 'Warning', 'NodeNotReady', 'Node is not ready');
  }
}

function writeTaints(context: Context, stored: Node, taints: readonly V1Taint[]): Node {
  if (deepEqual(taints, stored.spec?.taints ?? [])) return stored;
  const written = context.client.modify(node, '', metaOf(stored).name, (draft) => {
    draft.spec = { ...draft.spec, taints: taints.map((taint) => ({ ...taint })) };
    if (taints.length === 0) delete draft.spec.taints;
  });
  return written ?? stored;
}

/** Puts the NoExecute taint, one node of a zone after the other; returns when to look again if it is not this node's turn. */
function taintForEviction(context: Context, stored: Node): Millis | undefined {
  const zones = disruptions(context);
  const zone = zoneOf(stored);
  const isEverywhere = [...zones.values()].every(({ disruption }) => disruption === 'full');
  const taints = planNoExecuteTaints(stored, !isEverywhere, context.timestamp);
  if (deepEqual(taints, stored.spec?.taints ?? [])) return undefined;
  if (taints.length > (stored.spec?.taints ?? []).length) {
    const { disruption, nodes } = zones.get(zone) ?? { disruption: 'normal' as Disruption, nodes: 1 };
    const pauseMs = evictionPause(disruption, nodes);
    if (pauseMs === undefined) return undefined;
    const waitMs = (context.state.nextEvictionAt.get(zone) ?? 0) - context.now;
    if (waitMs > 0) return waitMs;
    context.state.nextEvictionAt.set(zone, context.now + pauseMs);
  }
  writeTaints(context, stored, taints);
  return undefined;
}

function disruptions({ lister }: Context): ReadonlyMap<string, { readonly disruption: Disruption; readonly nodes: number }> {
  const counts = new Map<string, { ready: number; notReady: number }>();
  for (const each of lister(node).list()) {
    const count = counts.get(zoneOf(each)) ?? { ready: 0, notReady: 0 };
    if (readyStatus(each) === 'True') count.ready++;
    else count.notReady++;
    counts.set(zoneOf(each), count);
  }
  return new Map(
    [...counts].map(([zone, { ready, notReady }]) => [zone, { disruption: disruptionOf(ready, notReady), nodes: ready + notReady }]),
  );
}

function soonest(first: Millis | undefined, second: Millis | undefined): ReconcileResult {
  if (first === undefined && second === undefined) return done;
  return again(Math.min(first ?? Number.POSITIVE_INFINITY, second ?? Number.POSITIVE_INFINITY));
}

function report(context: Context, stored: Node): void {
  const ready = nodeCondition(stored, 'Ready');
  const about = refTo(node, stored);
  if (ready?.status === 'True') {
    context.finding(about, 'ready', undefined);
    return;
  }
  const said = ready?.message ?? 'it has not reported yet';
  const residents = refsTo(pod, context.lister(pod).onNode(metaOf(stored).name));
  context.finding(
    about,
    'ready',
    ready?.status === 'Unknown' ? `its kubelet is silent: ${said}` : `its kubelet says that it is not ready: ${said}`,
    residents,
  );
}
