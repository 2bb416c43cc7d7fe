import {
  again,
  type ControllerContext,
  type ControllerDefinition,
  done,
  keyOf,
  type ReconcileResult,
  splitKey,
} from '../../client/controller.ts';
import { type Node, node as nodeKind } from '../../kinds/core/node.ts';
import { type Service, service as serviceKind } from '../../kinds/core/service.ts';
import { deepEqual } from '../../sim/plain.ts';
import type { Millis } from '../../sim/simulation.ts';
import type { CloudProvider, LoadBalancerSpec } from '../provider.ts';
import { uninitializedTaint } from './cloud-node.ts';

const finalizer = 'service.kubernetes.io/load-balancer-cleanup';
const excludeLabel = 'node.kubernetes.io/exclude-from-external-load-balancers';
const firstRetryMs: Millis = 5000;
const maxRetryMs: Millis = 300_000;

export interface ServiceLoadBalancerState {
  /** When the cloud answers a call that is under way. */
  readonly due: Map<string, Millis>;
  readonly failures: Map<string, number>;
}

type Context = ControllerContext<ServiceLoadBalancerState>;

/** Keeps a load balancer for each Service that asks for one. Kubernetes: cloud-provider/controllers/service (1.36). */
export function serviceLoadBalancerController(cloud: CloudProvider): ControllerDefinition<ServiceLoadBalancerState> {
  return {
    name: 'service-controller',
    watches: [
      {
        kind: serviceKind,
        enqueue: (_context, { object, old }) => (concerns(object as Service) || (old && concerns(old as Service)) ? [keyOf(object)] : []),
      },
      {
        kind: nodeKind,
        enqueue: (context, change) =>
          sameRole(change.object as Node, change.old as Node | undefined, change.type) ? [] : balanced(context),
      },
    ],
    initialState: () => ({ due: new Map(), failures: new Map() }),
    reconcile(context, key) {
      const object = context.lister(serviceKind).byKey(key);
      if (!object) return done;
      return wants(object) ? ensure(context, cloud, object, key) : cleanUp(context, cloud, object, key);
    },
  };
}

function wants({ spec, metadata }: Service): boolean {
  return spec?.type === 'LoadBalancer' && metadata?.deletionTimestamp === undefined && spec.loadBalancerClass === undefined;
}

function concerns(object: Service): boolean {
  return wants(object) || object.metadata?.finalizers?.includes(finalizer) === true;
}

function balanced(context: ControllerContext<ServiceLoadBalancerState>): string[] {
  return [...context.lister(serviceKind).list()].filter(wants).map(keyOf);
}

function sameRole(object: Node, old: Node | undefined, type: string): boolean {
  return type === 'modified' && old !== undefined && takesTraffic(object) === takesTraffic(old);
}

function takesTraffic({ metadata, spec, status }: Node): boolean {
  if (metadata?.labels?.[excludeLabel] !== undefined || metadata?.deletionTimestamp !== undefined) return false;
  if (spec?.taints?.some(({ key }) => key === uninitializedTaint)) return false;
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;
}

function ensure(context: Context, cloud: CloudProvider, object: Service, key: string): ReconcileResult {
  const spec = balancerSpec(context, object, key);
  const known = cloud.loadBalancer(spec.name);
  const isShown = object.status?.loadBalancer?.ingress?.[0]?.ip !== undefined;
  if (known && isShown && deepEqual(known.spec, spec)) return done;
  const wait = waitForCloud(context, key, () => {
    if (!known) context.event(object, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
    if (!isShown)
      context.finding(refOf(key), 'load-balancer', 'The cloud is preparing a load balancer; the Service has no external address yet.');
    addFinalizer(context, object);
  });
  if (wait > 0) return again(wait);
  const answer = cloud.ensureLoadBalancer(spec);
  if (answer.kind === 'failed') {
    const failures = context.state.failures.get(key) ?? 0;
    context.state.failures.set(key, failures + 1);
    context.event(
      object,
      'Warning',
      'SyncLoadBalancerFailed',
      `Error syncing load balancer: failed to ensure load balancer: ${answer.message}`,
    );
    context.finding(refOf(key), 'load-balancer', `The cloud gave no load balancer: ${answer.message}`);
    return again(Math.min(firstRetryMs * 2 ** failures, maxRetryMs));
  }
  context.state.failures.delete(key);
  context.finding(refOf(key), 'load-balancer', undefined);
  if (known && isShown) {
    context.event(object, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts');
    return done;
  }
  const { namespace, name } = splitKey(key);
  context.client.modify(
    serviceKind,
    namespace,
    name,
    (draft) => {
      draft.status = { ...draft.status, loadBalancer: { ingress: [{ ip: answer.value.address, ipMode: 'VIP' }] } };
    },
    'status',
  );
  context.event(object, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
  return done;
}

function cleanUp(context: Context, cloud: CloudProvider, object: Service, key: string): ReconcileResult {
  if (!object.metadata?.finalizers?.includes(finalizer)) return done;
  const name = balancerName(object);
  const known = cloud.loadBalancer(name);
  const wait = waitForCloud(context, key, () => {
    if (known) context.event(object, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
  });
  if (wait > 0) return again(wait);
  if (known) cloud.deleteLoadBalancer(name);
  context.finding(refOf(key), 'load-balancer', undefined);
  const { namespace, name: serviceName } = splitKey(key);
  if (object.metadata.deletionTimestamp === undefined) {
    context.client.modify(
      serviceKind,
      namespace,
      serviceName,
      (draft) => {
        draft.status = { ...draft.status, loadBalancer: {} };
      },
      'status',
    );
  }
  context.client.modify(serviceKind, namespace, serviceName, (draft) => {
    draft.metadata = { ...draft.metadata, finalizers: (draft.metadata?.finalizers ?? []).filter((text) => text !== finalizer) };
  });
  if (known) context.event(object, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
  return done;
}

/** How long to wait for the call under way; begins one when there is none. */
function waitForCloud(context: Context, key: string, begin: () => void): Millis {
  const dueMs = context.state.due.get(key);
  if (dueMs === undefined) {
    begin();
    const delayMs = context.latency('cloudCall');
    if (delayMs === 0) return 0;
    context.state.due.set(key, context.now + delayMs);
    return delayMs;
  }
  if (dueMs > context.now) return dueMs - context.now;
  context.state.due.delete(key);
  return 0;
}

function addFinalizer(context: Context, object: Service): void {
  if (object.metadata?.finalizers?.includes(finalizer)) return;
  const { namespace = '', name = '' } = object.metadata ?? {};
  context.client.modify(serviceKind, namespace, name, (draft) => {
    draft.metadata = { ...draft.metadata, finalizers: [...(draft.metadata?.finalizers ?? []), finalizer] };
  });
}

function balancerSpec(context: Context, object: Service, key: string): LoadBalancerSpec {
  const nodes = [...context.lister(nodeKind).list()]
    .filter(takesTraffic)
    .map(({ metadata }) => metadata?.name ?? '')
    .sort();
  return {
    name: balancerName(object),
    service: key,
    nodes,
    ports: (object.spec?.ports ?? []).map(({ port, nodePort = 0, protocol = 'TCP' }) => ({ port, nodePort, protocol })),
    ...(object.spec?.loadBalancerIP && { requestedAddress: object.spec.loadBalancerIP }),
  };
}

/** As upstream names it: `a` and the uid without dashes, at most 32 characters. */
function balancerName({ metadata }: Service): string {
  return `a${(metadata?.uid ?? '').replaceAll('-', '')}`.slice(0, 32);
}

function refOf(key: string): { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string } {
  return { apiVersion: 'v1', kind: 'Service', ...splitKey(key) };
}
