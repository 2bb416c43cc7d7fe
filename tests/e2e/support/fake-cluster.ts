import type {
  ClusterState,
  ComponentView,
  EventView,
  GradeView,
  ObjectRef,
  ObjectView,
  TraceView,
} from '../../../server/gateway/protocol.ts';

function ref(apiVersion: string, kind: string, name: string, namespace?: string): ObjectRef {
  return { apiVersion, kind, name, ...(namespace && { namespace }) };
}

const deployment = ref('apps/v1', 'Deployment', 'web', 'default');
const replicaSet = ref('apps/v1', 'ReplicaSet', 'web-6c8f9d7b54', 'default');

function object(of: ObjectRef, more: Partial<ObjectView>): ObjectView {
  return {
    ref: of,
    uid: `uid-${of.kind}-${of.name}`,
    resourceVersion: '100',
    state: 'running',
    status: '',
    createdAtMs: 0,
    labels: {},
    columns: [],
    ...more,
  };
}

function node(name: string, index: number, more: Partial<NonNullable<ObjectView['node']>> = {}): ObjectView {
  return object(ref('v1', 'Node', name), {
    status: 'Ready',
    node: {
      ip: `10.0.0.${10 + index}`,
      zone: `zone-${'abc'[index] ?? 'a'}`,
      ready: true,
      schedulable: true,
      taints: [],
      poweredOn: true,
      ...more,
    },
    columns: [
      { name: 'Status', value: 'Ready' },
      { name: 'Roles', value: '<none>' },
      { name: 'Age', value: '4m' },
      { name: 'Version', value: 'v1.36.0' },
    ],
  });
}

interface PodSpec {
  readonly name: string;
  readonly node?: string;
  readonly state?: ObjectView['state'];
  readonly status?: string;
  readonly restarts?: number;
  readonly namespace?: string;
}

export function pod({ name, node: on, state = 'running', status = 'Running', restarts = 0, namespace = 'default' }: PodSpec): ObjectView {
  const ready = status === 'Running' ? 1 : 0;
  return object(ref('v1', 'Pod', name, namespace), {
    state,
    status,
    createdAtMs: 60_000,
    labels: { app: 'web' },
    owner: replicaSet,
    pod: { ...(on && { node: on, ip: '10.244.1.7' }), ready, containers: [{ name: 'nginx', image: 'nginx:1.27', state, restarts }] },
    columns: [
      { name: 'Ready', value: `${ready}/1` },
      { name: 'Status', value: status },
      { name: 'Restarts', value: String(restarts) },
      { name: 'IP', value: on ? '10.244.1.7' : '<none>' },
      { name: 'Node', value: on ?? '<none>' },
    ],
  });
}

const components: readonly ComponentView[] = [
  ...['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager'].map(
    (name): ComponentView => ({ name, health: 'running', detail: `${name} has been running for 4 minutes.` }),
  ),
  ...['node-1', 'node-2', 'node-3'].flatMap((on) =>
    ['kubelet', 'containerd', 'kube-proxy'].map(
      (name): ComponentView => ({ name, node: on, health: 'running', detail: `${name} on ${on} is running.` }),
    ),
  ),
];

const events: readonly EventView[] = [
  {
    id: 'e1',
    atMs: 62_000,
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message: 'Scaled up replica set web-6c8f9d7b54 from 0 to 3',
    count: 1,
    about: deployment,
    from: 'deployment-controller',
  },
  {
    id: 'e2',
    atMs: 63_000,
    type: 'Normal',
    reason: 'Scheduled',
    message: 'Successfully assigned default/web-6c8f9d7b54-x7k2p to node-1',
    count: 1,
    about: ref('v1', 'Pod', 'web-6c8f9d7b54-x7k2p', 'default'),
    from: 'kube-scheduler',
  },
  {
    id: 'e3',
    atMs: 64_000,
    type: 'Normal',
    reason: 'Pulled',
    message: 'Successfully pulled image "nginx:1.27" in 1.204s',
    count: 1,
    about: ref('v1', 'Pod', 'web-6c8f9d7b54-x7k2p', 'default'),
    from: 'kubelet',
  },
  {
    id: 'e4',
    atMs: 91_000,
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting failed container nginx in pod web-6c8f9d7b54-qq8zt',
    count: 4,
    about: ref('v1', 'Pod', 'web-6c8f9d7b54-qq8zt', 'default'),
    from: 'kubelet',
  },
];

export const podTrace: readonly TraceView[] = [
  {
    id: 1,
    atMs: 60_000,
    actor: 'student',
    text: 'applied Deployment web; the API server stored it as revision 512',
    about: deployment,
    because: [],
    revision: 512,
  },
  {
    id: 2,
    atMs: 60_004,
    actor: 'deployment-controller',
    text: 'saw no ReplicaSet for this template and created web-6c8f9d7b54',
    about: replicaSet,
    because: [1],
    revision: 513,
  },
  {
    id: 3,
    atMs: 60_009,
    actor: 'replicaset-controller',
    text: 'wants 3 pods, has 0, and created web-6c8f9d7b54-x7k2p',
    about: ref('v1', 'Pod', 'web-6c8f9d7b54-x7k2p', 'default'),
    because: [2],
    revision: 514,
  },
  {
    id: 4,
    atMs: 60_021,
    actor: 'kube-scheduler',
    text: 'compared 3 nodes, chose node-1 (score 92), and bound the pod',
    about: ref('v1', 'Pod', 'web-6c8f9d7b54-x7k2p', 'default'),
    because: [3],
    revision: 517,
  },
  {
    id: 5,
    atMs: 60_034,
    actor: 'kubelet',
    node: 'node-1',
    text: 'saw the pod assigned to its node and asked the runtime for a sandbox',
    about: ref('v1', 'Pod', 'web-6c8f9d7b54-x7k2p', 'default'),
    because: [4],
  },
  {
    id: 6,
    atMs: 60_310,
    actor: 'containerd',
    node: 'node-1',
    text: 'made the sandbox with address 10.244.1.7 and pulled nginx:1.27',
    about: ref('v1', 'Pod', 'web-6c8f9d7b54-x7k2p', 'default'),
    because: [5],
  },
  {
    id: 7,
    atMs: 61_560,
    actor: 'kubelet',
    node: 'node-1',
    text: 'reported the container as running and the pod as ready',
    about: ref('v1', 'Pod', 'web-6c8f9d7b54-x7k2p', 'default'),
    because: [6],
    revision: 524,
  },
  {
    id: 8,
    atMs: 61_570,
    actor: 'endpointslice-controller',
    text: 'added 10.244.1.7:80 to the endpoints of Service web',
    about: ref('v1', 'Service', 'web', 'default'),
    because: [7],
    revision: 525,
  },
];

function service(): ObjectView {
  return object(ref('v1', 'Service', 'web', 'default'), {
    status: 'ClusterIP',
    createdAtMs: 70_000,
    service: {
      type: 'ClusterIP',
      clusterIP: '10.96.112.4',
      ports: ['80/TCP'],
      selector: { app: 'web' },
      endpoints: [
        { address: '10.244.1.7', ready: true },
        { address: '10.244.2.5', ready: true },
        { address: '10.244.2.6', ready: false },
      ],
    },
    columns: [
      { name: 'Type', value: 'ClusterIP' },
      { name: 'Cluster-IP', value: '10.96.112.4' },
      { name: 'Port(s)', value: '80/TCP' },
    ],
  });
}

/** A three-node cluster in the middle of a rollout, with something of every state. */
export function fakeState(): ClusterState {
  return {
    objects: [
      node('node-1', 0),
      node('node-2', 1),
      node('node-3', 2),
      object(deployment, {
        status: '3/4',
        state: 'pending',
        workload: { desired: 4, ready: 2, updated: 4 },
        columns: [
          { name: 'Ready', value: '2/4' },
          { name: 'Up-to-date', value: '4' },
          { name: 'Available', value: '2' },
        ],
      }),
      pod({ name: 'web-6c8f9d7b54-x7k2p', node: 'node-1' }),
      pod({ name: 'web-6c8f9d7b54-m2vbn', node: 'node-2' }),
      pod({ name: 'web-6c8f9d7b54-qq8zt', node: 'node-2', state: 'failed', status: 'CrashLoopBackOff', restarts: 4 }),
      pod({ name: 'web-5b7d9c6f88-t4r9w', node: 'node-3', state: 'terminating', status: 'Terminating' }),
      pod({ name: 'web-6c8f9d7b54-hh5cd', state: 'pending', status: 'Pending' }),
      pod({ name: 'coredns-7c9d8b6f55-aaaaa', node: 'node-1', namespace: 'kube-system' }),
      service(),
    ],
    components,
    events,
    trace: podTrace,
    clock: {
      nowMs: 192_000,
      now: '2026-01-05T09:03:12Z',
      paused: false,
      speed: 1,
      timeline: [
        { atMs: 0, label: 'The lab began' },
        { atMs: 60_000, label: 'Before: apply deployment.yaml' },
        { atMs: 150_000, label: 'Before: stop kube-scheduler' },
      ],
    },
    ticks: [
      { check: 'web-ready', status: 'fail', message: '2 of 4 replicas are ready.' },
      { check: 'web-image', status: 'pass' },
      { check: 'ns', status: 'pass' },
      { check: 'pending-seen', status: 'pass' },
    ],
  };
}

export const fakeGrade: GradeView = {
  attempt: 2,
  gradable: true,
  score: 5,
  max: 11,
  milliseconds: 84,
  checks: [
    { id: 'web-ready', task: 'deploy', title: 'Deployment web has 3 ready replicas', mode: 'goal', points: 2, max: 2, status: 'pass' },
    { id: 'web-image', task: 'deploy', title: 'It runs nginx:1.27', mode: 'goal', points: 1, max: 1, status: 'pass' },
    {
      id: 'svc-endpoints',
      task: 'expose',
      title: 'Service web has 3 ready endpoints',
      mode: 'goal',
      points: 0,
      max: 2,
      status: 'fail',
      message: 'Service web has no endpoints.',
      expected: '3 ready endpoints',
      actual: '0 endpoints',
      where: 'service.yaml:6:5',
      whereObject: ref('v1', 'Service', 'web', 'default'),
      why: [
        { text: 'Service web has 0 endpoints', about: ref('v1', 'Service', 'web', 'default'), component: 'kube-controller-manager' },
        { text: 'its selector app=wep matches 0 of 3 pods', about: ref('v1', 'Service', 'web', 'default') },
        { text: 'the nearest label is app=web on pod web-6c8f9d7b54-x7k2p', about: ref('v1', 'Pod', 'web-6c8f9d7b54-x7k2p', 'default') },
      ],
    },
    {
      id: 'svc-http',
      task: 'expose',
      title: 'A pod in the cluster gets 200 from http://web',
      mode: 'goal',
      points: 0,
      max: 2,
      status: 'skipped',
    },
    {
      id: 'pending-seen',
      task: 'scheduler',
      title: 'A pod was Pending while the scheduler was stopped',
      mode: 'milestone',
      points: 2,
      max: 2,
      status: 'pass',
    },
    { id: 'ns', task: 'scheduler', title: 'Namespace default is still there', mode: 'guard', points: 0, max: 0, status: 'pass' },
    {
      id: 'order',
      task: 'order',
      title: 'order.txt has the right order',
      mode: 'goal',
      points: 0,
      max: 2,
      status: 'fail',
      expected: '5 lines',
      actual: 'the file is empty',
    },
  ],
};

export const fakeYaml = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: nginx
          image: nginx:1.27
          ports:
            - containerPort: 80
`;
