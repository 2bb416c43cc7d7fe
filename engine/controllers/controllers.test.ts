import { expect, test } from 'vitest';
import { daemonSet } from '../kinds/apps/daemon-set.ts';
import { type Deployment, deployment } from '../kinds/apps/deployment.ts';
import { replicaSet } from '../kinds/apps/replica-set.ts';
import { configMap } from '../kinds/core/config-map.ts';
import { event } from '../kinds/core/event.ts';
import { namespace } from '../kinds/core/namespace.ts';
import { node } from '../kinds/core/node.ts';
import { pod } from '../kinds/core/pod.ts';
import { service } from '../kinds/core/service.ts';
import { serviceAccount } from '../kinds/core/service-account.ts';
import { endpointSlice } from '../kinds/discovery/endpoint-slice.ts';
import { builtInKinds } from '../kinds/registry.ts';
import type { V1DeploymentSpec } from '../schema/generated/models.ts';
import { formatTime } from '../sim/simulation.ts';
import { createCore, type TestCore } from '../testing/index.ts';
import { builtInControllers } from './registry.ts';

function start(): TestCore {
  const test = createCore();
  const all = builtInControllers({
    kinds: builtInKinds,
    heartbeats: test.core.heartbeats,
    podNetwork: { clusterCidr: '10.244.0.0/16' },
    rootCertificate: 'PEM',
  });
  test.runControllers(...(all as never[]));
  test.settle();
  return test;
}

/** Plays scheduler and kubelet for every pod: they run and are ready; those being deleted end. */
function playNodes(test: TestCore, isReady: (image: string) => boolean = () => true): void {
  for (let round = 0; round < 50; round++) {
    test.settle();
    let isBusy = false;
    for (const each of test.client.list(pod)) {
      const { name = '', namespace: home = '', deletionTimestamp } = each.metadata ?? {};
      if (deletionTimestamp) {
        test.client.remove(pod, home, name, { gracePeriodSeconds: 0 });
        isBusy = true;
      } else if (each.status?.phase === 'Pending' && isReady(each.spec?.containers[0]?.image ?? '')) {
        isBusy = true;
        if (!each.spec?.nodeName)
          test.client.createSubresource(pod, home, name, 'binding', {
            apiVersion: 'v1',
            kind: 'Binding',
            metadata: { name },
            target: { kind: 'Node', name: 'node-1' },
          });
        test.client.modify(
          pod,
          home,
          name,
          (draft) => {
            const stamp = formatTime(test.core.sim.now);
            draft.status = {
              ...draft.status,
              phase: 'Running',
              podIP: `10.244.0.${1 + Number(round)}`,
              podIPs: [{ ip: `10.244.0.${1 + round}` }],
              conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: stamp }],
            };
          },
          'status',
        );
      }
    }
    if (!isBusy) return;
  }
}

function addNode(test: TestCore, name: string): void {
  test.client.create(node, { metadata: { name } });
  test.client.modify(
    node,
    '',
    name,
    (draft) => {
      draft.status = { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: formatTime(test.core.sim.now) }] };
    },
    'status',
  );
  test.core.heartbeats.keepAlive(`kube-node-lease/${name}`);
}

function web(spec: Partial<V1DeploymentSpec> = {}, image = 'nginx:1'): Deployment {
  const labels = { app: 'web' };
  return {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image }] } },
      ...spec,
    },
  };
}

function setImage(test: TestCore, image: string): void {
  test.client.modify(deployment, 'default', 'web', (draft) => {
    const container = draft.spec?.template.spec?.containers[0];
    if (container) container.image = image;
  });
}

function messages(test: TestCore, reason: string): readonly (string | undefined)[] {
  return test.client
    .list(event, 'default')
    .filter((item) => item.reason === reason)
    .map(({ message }) => message);
}

function status(test: TestCore): Deployment['status'] {
  return test.client.get(deployment, 'default', 'web').status;
}

test('[DEP-7] a Deployment becomes a ReplicaSet becomes pods, and its status says so', () => {
  const test = start();
  addNode(test, 'node-1');
  test.client.create(deployment, web());
  playNodes(test);
  const [set] = test.client.list(replicaSet, 'default');
  expect(set?.metadata?.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{10}$/);
  expect(set?.metadata?.annotations).toEqual({
    'deployment.kubernetes.io/revision': '1',
    'deployment.kubernetes.io/desired-replicas': '3',
    'deployment.kubernetes.io/max-replicas': '4',
  });
  expect(status(test)).toMatchObject({ replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3, observedGeneration: 1 });
  expect(status(test)?.conditions?.map(({ type, status: value, reason, message }) => [type, value, reason, message])).toEqual([
    ['Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.'],
    ['Progressing', 'True', 'NewReplicaSetAvailable', `ReplicaSet "${set?.metadata?.name}" has successfully progressed.`],
  ]);
  expect(messages(test, 'ScalingReplicaSet')).toEqual([`Scaled up replica set ${set?.metadata?.name} from 0 to 3`]);
  expect(messages(test, 'SuccessfulCreate')).toHaveLength(3);
  expect(test.client.get(deployment, 'default', 'web').metadata?.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
  expect(test.core.sim.peek()).toBeUndefined();
});

test('[DEP-5] a new template is rolled out and an old one comes back under a new number', () => {
  const test = start();
  addNode(test, 'node-1');
  test.client.create(deployment, web());
  playNodes(test);
  setImage(test, 'nginx:2');
  playNodes(test);
  const sets = (): readonly (readonly [number | undefined, string | undefined])[] =>
    test.client
      .list(replicaSet, 'default')
      .map(({ spec, metadata }) => [spec?.replicas, metadata?.annotations?.['deployment.kubernetes.io/revision']] as const);
  expect(sets().toSorted()).toEqual([
    [0, '1'],
    [3, '2'],
  ]);
  setImage(test, 'nginx:1');
  playNodes(test);
  expect(sets().toSorted()).toEqual([
    [0, '2'],
    [3, '3'],
  ]);
  const old = test.client.list(replicaSet, 'default').find(({ spec }) => spec?.replicas === 3);
  expect(old?.metadata?.annotations?.['deployment.kubernetes.io/revision-history']).toBe('1');
});

test('[DEP-8] a rollout that does not come up stops, keeps the old pods and says why', () => {
  const test = start();
  addNode(test, 'node-1');
  test.client.create(deployment, web({ progressDeadlineSeconds: 60 }));
  playNodes(test);
  setImage(test, 'broken');
  playNodes(test, (image) => image !== 'broken');
  expect(status(test)).toMatchObject({ replicas: 4, updatedReplicas: 1, availableReplicas: 3 });
  test.advance(70_000);
  const [, progressing] = status(test)?.conditions?.toSorted((a, b) => (a.type < b.type ? -1 : 1)) ?? [];
  const current = test.client
    .list(replicaSet, 'default')
    .find(({ metadata }) => metadata?.annotations?.['deployment.kubernetes.io/revision'] === '2');
  expect(progressing).toMatchObject({
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    message: `ReplicaSet "${current?.metadata?.name}" has timed out progressing.`,
  });
  const [finding] = test.core.trace.findingsAbout({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' });
  expect(finding?.text).toBe(`waits for ReplicaSet ${current?.metadata?.name}: 0 of 3 available`);
});

test('[DEP-9] Recreate ends all old pods before the first new one', () => {
  const test = start();
  addNode(test, 'node-1');
  test.client.create(deployment, web({ strategy: { type: 'Recreate' } }));
  playNodes(test);
  setImage(test, 'nginx:2');
  test.settle();
  expect(test.client.list(pod, 'default').map(({ spec }) => spec?.containers[0]?.image)).toEqual(['nginx:1', 'nginx:1', 'nginx:1']);
  playNodes(test);
  expect(test.client.list(pod, 'default').map(({ spec }) => spec?.containers[0]?.image)).toEqual(['nginx:2', 'nginx:2', 'nginx:2']);
});

test('[GC-2] a deleted Deployment takes everything with it; orphaned ReplicaSets stay and are adopted again', () => {
  const test = start();
  addNode(test, 'node-1');
  test.client.create(deployment, web());
  playNodes(test);
  test.client.remove(deployment, 'default', 'web', { propagationPolicy: 'Orphan' });
  playNodes(test);
  expect(test.client.list(deployment, 'default')).toEqual([]);
  expect(test.client.list(replicaSet, 'default')[0]?.metadata?.ownerReferences).toBeUndefined();
  test.client.create(deployment, web());
  playNodes(test);
  expect(test.client.list(replicaSet, 'default')).toHaveLength(1);
  expect(test.client.list(pod, 'default')).toHaveLength(3);
  test.client.remove(deployment, 'default', 'web', { propagationPolicy: 'Foreground' });
  test.settle(5_000);
  expect(test.client.get(deployment, 'default', 'web').metadata?.finalizers).toEqual(['foregroundDeletion']);
  playNodes(test);
  expect([
    ...test.client.list(deployment, 'default'),
    ...test.client.list(replicaSet, 'default'),
    ...test.client.list(pod, 'default'),
  ]).toEqual([]);
});

test('[EPS-7] a Service finds its pods, and says so when it finds none', () => {
  const test = start();
  addNode(test, 'node-1');
  test.client.create(deployment, web());
  test.client.create(service, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'wep' }, ports: [{ port: 80 }] },
  });
  playNodes(test);
  const about = { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' };
  expect(test.core.trace.findingsAbout(about).map(({ text }) => text)).toEqual([
    'selector app=wep matches 0 of 3 pods in namespace default; nearest: app=web on 3 pods',
  ]);
  const slices = (): readonly (number | undefined)[] =>
    test.client
      .list(endpointSlice, 'default')
      .filter(({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === 'web')
      .map(({ endpoints }) => endpoints?.length);
  expect(slices()).toEqual([0]);
  test.client.modify(service, 'default', 'web', (draft) => {
    if (draft.spec) draft.spec.selector = { app: 'web' };
  });
  test.settle();
  expect(slices()).toEqual([3]);
  expect(test.core.trace.findingsAbout(about)).toEqual([]);
});

test('[NS-2] a namespace gets its ServiceAccount and CA, and goes with all its content', () => {
  const test = start();
  addNode(test, 'node-1');
  test.client.create(namespace, { metadata: { name: 'shop' } });
  test.settle();
  expect(test.client.get(serviceAccount, 'shop', 'default').metadata?.name).toBe('default');
  expect(test.client.get(configMap, 'shop', 'kube-root-ca.crt').data).toEqual({ 'ca.crt': 'PEM' });
  const shop = web();
  test.client.create(deployment, { ...shop, metadata: { name: 'web', namespace: 'shop' } });
  playNodes(test);
  test.client.remove(namespace, '', 'shop');
  test.settle(1_000);
  expect(
    test.client.get(namespace, '', 'shop').status?.conditions?.find(({ type }) => type === 'NamespaceContentRemaining')?.message,
  ).toMatch(/^Some resources are remaining: /);
  playNodes(test);
  test.settle();
  expect(test.client.find(namespace, '', 'shop')).toBeUndefined();
});

test('[NODE-4] a silent node is noticed after fifty seconds, tainted, and loses its pods five minutes later', () => {
  const test = start();
  addNode(test, 'node-1');
  addNode(test, 'node-2');
  test.client.create(deployment, web());
  playNodes(test);
  test.core.heartbeats.release('kube-node-lease/node-1');
  const lastBeat = test.core.heartbeats.lastBeatMs('kube-node-lease/node-1') ?? 0;
  test.advance(lastBeat + 49_000 - test.core.sim.now);
  expect(test.client.get(node, '', 'node-1').status?.conditions?.[0]?.status).toBe('True');
  test.advance(1_000);
  const lost = test.client.get(node, '', 'node-1');
  expect(lost.status?.conditions?.[0]).toMatchObject({
    type: 'Ready',
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  });
  expect(lost.spec?.taints?.map(({ key, effect }) => `${key}:${effect}`).toSorted()).toEqual([
    'node.kubernetes.io/unreachable:NoExecute',
    'node.kubernetes.io/unreachable:NoSchedule',
  ]);
  expect(
    test.client
      .list(pod, 'default')
      .every(({ status: state }) => state?.conditions?.find(({ type }) => type === 'Ready')?.status === 'False'),
  ).toBe(true);
  test.advance(299_000);
  expect(test.client.list(pod, 'default').filter(({ metadata }) => metadata?.deletionTimestamp)).toHaveLength(0);
  test.advance(2_000);
  expect(test.client.list(pod, 'default').filter(({ metadata }) => metadata?.deletionTimestamp)).toHaveLength(3);
  expect(messages(test, 'TaintManagerEviction')[0]).toMatch(/^Marking for deletion Pod default\/web-/);
});

test('[DEP-10] a paused Deployment is scaled but not rolled out', () => {
  const test = start();
  addNode(test, 'node-1');
  test.client.create(deployment, web());
  playNodes(test);
  test.client.modify(deployment, 'default', 'web', (draft) => {
    if (draft.spec) draft.spec = { ...draft.spec, paused: true, replicas: 4 };
  });
  setImage(test, 'nginx:2');
  playNodes(test);
  expect(test.client.list(pod, 'default').map(({ spec }) => spec?.containers[0]?.image)).toEqual([
    'nginx:1',
    'nginx:1',
    'nginx:1',
    'nginx:1',
  ]);
  expect(status(test)?.conditions?.find(({ type }) => type === 'Progressing')).toMatchObject({
    status: 'Unknown',
    reason: 'DeploymentPaused',
    message: 'Deployment is paused',
  });
});

test('[NODE-5] a node that comes back loses its taints, and the eviction of its pods is called off', () => {
  const test = start();
  addNode(test, 'node-1');
  addNode(test, 'node-2');
  test.client.create(deployment, web());
  playNodes(test);
  test.core.heartbeats.release('kube-node-lease/node-1');
  test.advance(100_000);
  test.core.heartbeats.keepAlive('kube-node-lease/node-1');
  test.client.modify(
    node,
    '',
    'node-1',
    (draft) => {
      for (const condition of draft.status?.conditions ?? []) condition.status = condition.type === 'Ready' ? 'True' : 'False';
    },
    'status',
  );
  test.advance(600_000);
  expect(test.client.get(node, '', 'node-1').spec?.taints).toBeUndefined();
  expect(messages(test, 'TaintManagerEviction')[0]).toMatch(/^Cancelling deletion of Pod default\/web-/);
  expect(test.client.list(pod, 'default').filter(({ metadata }) => metadata?.deletionTimestamp)).toEqual([]);
  expect(test.core.sim.peek()).toBeUndefined();
});

test('[PODGC-1] pods of a node that is gone go after forty seconds', () => {
  const test = start();
  addNode(test, 'node-1');
  test.client.create(deployment, web({ replicas: 1 }));
  playNodes(test);
  const [before] = test.client.list(pod, 'default');
  test.client.remove(node, '', 'node-1');
  test.advance(39_000);
  expect(test.client.list(pod, 'default').map(({ metadata }) => metadata?.uid)).toContain(before?.metadata?.uid);
  test.advance(2_000);
  expect(test.client.list(pod, 'default').map(({ metadata }) => metadata?.uid)).not.toContain(before?.metadata?.uid);
});

test('[DS-4] every node gets its daemon, new nodes too', () => {
  const test = start();
  addNode(test, 'node-1');
  const template = { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'c', image: 'agent' }] } };
  test.client.create(daemonSet, {
    metadata: { name: 'agent', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'agent' } }, template },
  });
  test.settle();
  addNode(test, 'node-2');
  test.settle();
  expect(test.client.list(pod, 'default')).toHaveLength(2);
  expect(test.client.get(daemonSet, 'default', 'agent').status).toMatchObject({
    desiredNumberScheduled: 2,
    currentNumberScheduled: 2,
    numberReady: 0,
    numberUnavailable: 2,
  });
});

test('[RS-7] a pod that the API refuses is told as event, condition and finding', () => {
  const test = start();
  test.client.create(
    deployment,
    web({
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { serviceAccountName: 'nobody', containers: [{ name: 'c', image: 'nginx' }] },
      },
    }),
  );
  test.advance(1_000);
  const text = 'pods "web-" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found';
  const [set] = test.client.list(replicaSet, 'default');
  expect(messages(test, 'FailedCreate')[0]).toMatch(/^Error creating: pods "web-\w+-/);
  expect(set?.status?.conditions?.[0]).toMatchObject({ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' });
  expect(set?.status?.conditions?.[0]?.message?.replace(/"web-[^"]*"/, '"web-"')).toBe(text);
  expect(status(test)?.conditions?.some(({ type }) => type === 'ReplicaFailure')).toBe(true);
});
