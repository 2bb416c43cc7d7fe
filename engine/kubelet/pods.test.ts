import { expect, test } from 'vitest';
import { configMap } from '../kinds/core/config-map.ts';
import { pod } from '../kinds/core/pod.ts';
import { secret } from '../kinds/core/secret.ts';
import { encodeBase64 } from '../schema/base64.ts';
import type { V1Container, V1PodStatus } from '../schema/generated/models.ts';
import { createNodes, type TestNodes } from './node.case.ts';

const web: V1Container = { name: 'web', image: 'nginx:1.25' };

function shell(script: string, extra: Partial<V1Container> = {}): V1Container {
  return { name: 'main', image: 'busybox:1.36', command: ['sh', '-c', script], ...extra };
}

function condition(status: V1PodStatus | undefined, type: string): string | undefined {
  return status?.conditions?.find((known) => known.type === type)?.status;
}

function stateOf(nodes: TestNodes, name: string): unknown {
  return nodes.getPod(name).status?.containerStatuses?.[0]?.state;
}

test('[KUBELET-1] a bound pod gets sandbox, address, image and containers, and two status writes', () => {
  const nodes = createNodes();
  const created = nodes.createPod('web', { containers: [web] });
  nodes.settle();
  const { status, metadata } = nodes.getPod('web');
  expect({ phase: status?.phase, podIP: status?.podIP, ready: condition(status, 'Ready') }).toEqual({
    phase: 'Running',
    podIP: '10.244.0.2',
    ready: 'True',
  });
  expect(nodes.events('web').toSorted()).toEqual([
    'Created: Container created',
    'Pulled: Successfully pulled image "nginx:1.25" in 0s (0s including waiting). Image size: 70550215 bytes.',
    'Pulling: Pulling image "nginx:1.25"',
    'Started: Container started',
  ]);
  // Created, two status writes, four events.
  expect(Number(metadata?.resourceVersion) - Number(created.metadata?.resourceVersion)).toBeLessThanOrEqual(6);
});

test('[KUBELET-1] a settled node has nothing due', () => {
  const nodes = createNodes();
  nodes.createPod('web', {
    containers: [{ ...web, livenessProbe: { httpGet: { path: '/', port: 80 } }, readinessProbe: { httpGet: { path: '/', port: 80 } } }],
  });
  nodes.settle();
  expect(nodes.core.sim.state.timers.size).toBe(0);
});

test.each([
  {
    image: 'rediss',
    reason: 'ImagePullBackOff',
    message:
      'Back-off pulling image "rediss": ErrImagePull: failed to pull and unpack image "docker.io/library/rediss:latest": failed to resolve reference "docker.io/library/rediss:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  },
  {
    image: 'nginx:9.99',
    reason: 'ImagePullBackOff',
    message:
      'Back-off pulling image "nginx:9.99": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:9.99": failed to resolve reference "docker.io/library/nginx:9.99": docker.io/library/nginx:9.99: not found',
  },
  {
    image: 'NGINX:1',
    reason: 'InvalidImageName',
    message:
      'Failed to apply default image tag "NGINX:1": couldn\'t parse image name "NGINX:1": invalid reference format: repository name (library/NGINX) must be lowercase',
  },
])("[KUBELET-2] image $image waits as $reason with upstream's words", ({ image, reason, message }) => {
  const nodes = createNodes();
  nodes.createPod('bad', { containers: [{ name: 'c', image }] });
  nodes.settle();
  expect(stateOf(nodes, 'bad')).toEqual({ waiting: { reason, message } });
  expect(nodes.getPod('bad').status?.phase).toBe('Pending');
});

test('[KUBELET-2] Never takes only what is on the node', () => {
  const nodes = createNodes();
  nodes.createPod('never', { containers: [{ ...web, imagePullPolicy: 'Never' }] });
  nodes.settle();
  expect(stateOf(nodes, 'never')).toEqual({
    waiting: { reason: 'ErrImageNeverPull', message: 'Container image "nginx:1.25" is not present with pull policy of Never' },
  });
});

test('[KUBELET-2] a corrected image is tried at once', () => {
  const nodes = createNodes();
  nodes.createPod('redis', { containers: [{ name: 'redis', image: 'rediss' }] });
  nodes.settle();
  nodes.client.modify(pod, 'default', 'redis', (draft) => {
    for (const container of draft.spec?.containers ?? []) container.image = 'redis';
  });
  nodes.settle();
  expect(condition(nodes.getPod('redis').status, 'Ready')).toBe('True');
  expect(nodes.nodes[0]?.runtime.exec(nodes.containerId('redis'), ['redis-cli', 'ping']).stdout).toBe('PONG\n');
});

test('[KUBELET-3] crashes wait 10 s, doubled up to 300 s', () => {
  const nodes = createNodes();
  nodes.createPod('crash', { containers: [shell('echo boom; exit 3')] });
  const seen: string[] = [];
  for (let second = 0; second < 1200; second++) {
    nodes.advance(1000);
    const message = nodes.getPod('crash').status?.containerStatuses?.[0]?.state?.waiting?.message?.split(' ')[1] ?? '';
    if (message !== '' && seen.at(-1) !== message) seen.push(message);
  }
  expect(seen).toEqual(['10s', '20s', '40s', '1m20s', '2m40s', '5m0s']);
  expect(nodes.getPod('crash').status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
});

test('[KUBELET-3] ten quiet minutes forget the crashes', () => {
  const nodes = createNodes();
  nodes.createPod('late', {
    containers: [
      shell('test -f /data/seen || { touch /data/seen; exit 1; }; sleep 1300; exit 1', {
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      }),
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
  });
  nodes.advance(1_310_000);
  expect(nodes.getPod('late').status?.containerStatuses?.[0]).toMatchObject({ restartCount: 2, state: { running: {} } });
});

test.each([
  { policy: 'Never', script: 'exit 0', phase: 'Succeeded', restarts: 0 },
  { policy: 'Never', script: 'exit 2', phase: 'Failed', restarts: 0 },
  { policy: 'OnFailure', script: 'exit 0', phase: 'Succeeded', restarts: 0 },
  { policy: 'OnFailure', script: 'exit 2', phase: 'Running', restarts: 1 },
  { policy: 'Always', script: 'exit 0', phase: 'Running', restarts: 1 },
])('[KUBELET-4] $policy with "$script" ends as $phase after $restarts restarts', ({ policy, script, phase, restarts }) => {
  const nodes = createNodes();
  nodes.createPod('job', { restartPolicy: policy, containers: [shell(script)] });
  nodes.settle();
  const { status } = nodes.getPod('job');
  expect({ phase: status?.phase, restarts: status?.containerStatuses?.[0]?.restartCount }).toEqual({ phase, restarts });
});

test('[KUBELET-5] init containers run one after the other before the main ones', () => {
  const nodes = createNodes();
  const init = (name: string, seconds: number): V1Container => ({ name, image: 'busybox:1.36', command: ['sleep', String(seconds)] });
  nodes.createPod('app', { initContainers: [init('one', 3), init('two', 4)], containers: [web] });
  nodes.advance(1000);
  expect(nodes.getPod('app').status?.conditions?.find(({ type }) => type === 'Initialized')).toMatchObject({
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: 'containers with incomplete status: [one two]',
  });
  expect(stateOf(nodes, 'app')).toEqual({ waiting: { reason: 'PodInitializing' } });
  nodes.advance(3000);
  expect(nodes.getPod('app').status?.initContainerStatuses?.map(({ state }) => Object.keys(state ?? {})[0])).toEqual([
    'terminated',
    'running',
  ]);
  nodes.settle();
  expect(condition(nodes.getPod('app').status, 'Ready')).toBe('True');
});

test('[KUBELET-5] a sidecar starts first, stays, and ends last', () => {
  const nodes = createNodes();
  nodes.createPod('job', {
    restartPolicy: 'Never',
    initContainers: [{ name: 'log', image: 'busybox:1.36', command: ['sh', '-c', 'sleep 100000'], restartPolicy: 'Always' }],
    containers: [shell('sleep 5')],
    terminationGracePeriodSeconds: 1,
  });
  nodes.advance(1000);
  expect(nodes.getPod('job').status?.initContainerStatuses?.[0]).toMatchObject({ state: { running: {} }, started: true });
  nodes.advance(10_000);
  expect(nodes.getPod('job').status).toMatchObject({
    phase: 'Succeeded',
    initContainerStatuses: [{ state: { terminated: { exitCode: 137 } } }],
  });
});

test('[KUBELET-6] a missing ConfigMap is told and forgotten once it is there', () => {
  const nodes = createNodes();
  nodes.createPod('app', {
    containers: [{ ...web, env: [{ name: 'COLOR', valueFrom: { configMapKeyRef: { name: 'app', key: 'color' } } }] }],
  });
  nodes.settle();
  expect(stateOf(nodes, 'app')).toEqual({ waiting: { reason: 'CreateContainerConfigError', message: 'configmap "app" not found' } });
  expect(
    nodes.core.trace.findingsAbout({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'app' }).map(({ text }) => text),
  ).toEqual(['Container "web" cannot be created: configmap "app" not found']);
  nodes.client.create(configMap, { metadata: { name: 'app', namespace: 'default' }, data: { color: 'blue' } });
  nodes.advance(20_000);
  expect(nodes.nodes[0]?.runtime.exec(nodes.containerId('app'), ['printenv', 'COLOR']).stdout).toBe('blue\n');
  expect(nodes.core.trace.findingsAbout({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'app' })).toEqual([]);
});

test('[KUBELET-7] volumes wait for their object and follow it', () => {
  const nodes = createNodes();
  nodes.createPod('app', {
    containers: [{ ...web, volumeMounts: [{ name: 'page', mountPath: '/usr/share/nginx/html' }] }],
    volumes: [{ name: 'page', configMap: { name: 'page' } }],
  });
  nodes.settle();
  expect(nodes.events('app')).toContain('FailedMount: MountVolume.SetUp failed for volume "page" : configmap "page" not found');
  nodes.client.create(configMap, { metadata: { name: 'page', namespace: 'default' }, data: { 'index.html': 'one' } });
  nodes.settle();
  const read = (): string | undefined => nodes.nodes[0]?.runtime.readFile(nodes.containerId('app'), '/usr/share/nginx/html/index.html');
  expect(read()).toBe('one');
  nodes.client.modify(configMap, 'default', 'page', (draft) => {
    draft.data = { 'index.html': 'two' };
  });
  nodes.settle();
  expect(read()).toBe('two');
});

test('[KUBELET-7] Secrets, downward API, emptyDir and subPath are files', () => {
  const nodes = createNodes();
  nodes.client.create(secret, { metadata: { name: 'key', namespace: 'default' }, data: { password: encodeBase64('s3cret') } });
  nodes.createPod(
    'app',
    {
      containers: [
        {
          ...web,
          volumeMounts: [
            { name: 'key', mountPath: '/etc/key' },
            { name: 'info', mountPath: '/info' },
            { name: 'shared', mountPath: '/shared' },
            { name: 'key', mountPath: '/etc/only', subPath: 'password' },
          ],
        },
        {
          name: 'writer',
          image: 'busybox:1.36',
          command: ['sh', '-c', 'echo hi > /shared/note; sleep 9999'],
          volumeMounts: [{ name: 'shared', mountPath: '/shared' }],
        },
      ],
      volumes: [
        { name: 'key', secret: { secretName: 'key' } },
        { name: 'shared', emptyDir: {} },
        { name: 'info', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
      ],
    },
    { labels: { app: 'web' } },
  );
  nodes.settle();
  const read = (path: string): string | undefined => nodes.nodes[0]?.runtime.readFile(nodes.containerId('app', 'web'), path);
  expect([read('/etc/key/password'), read('/info/labels'), read('/shared/note'), read('/etc/only')]).toEqual([
    's3cret',
    'app="web"',
    'hi\n',
    's3cret',
  ]);
});

test('[KUBELET-10] deleting sends the stop signal, and the object goes when the pod has gone', () => {
  const nodes = createNodes();
  nodes.createPod('web', { containers: [web] });
  nodes.settle();
  nodes.client.remove(pod, 'default', 'web');
  nodes.settle();
  expect(nodes.findPod('web')).toBeUndefined();
  expect(nodes.events('web')).toContain('Killing: Stopping container web');
  expect([...(nodes.nodes[0]?.runtime.sandboxes() ?? [])]).toEqual([]);
});

test('[KUBELET-10] a process that ignores the signal is killed after the grace period', () => {
  const nodes = createNodes();
  nodes.createPod('deaf', {
    containers: [{ name: 'main', image: 'busybox:1.36', command: ['sleep', '9999'] }],
    terminationGracePeriodSeconds: 10,
  });
  nodes.settle();
  nodes.client.remove(pod, 'default', 'deaf');
  nodes.advance(9900);
  expect(nodes.findPod('deaf')?.metadata?.deletionTimestamp).toBeDefined();
  nodes.advance(200);
  expect(nodes.findPod('deaf')).toBeUndefined();
});

test('[KUBELET-10] preStop runs before the signal and counts against the grace period', () => {
  const nodes = createNodes();
  nodes.createPod('web', { containers: [{ ...web, lifecycle: { preStop: { sleep: { seconds: 5 } } } }] });
  nodes.settle();
  nodes.client.remove(pod, 'default', 'web');
  nodes.advance(4900);
  expect(nodes.nodes[0]?.runtime.container(nodes.containerId('web'))?.state).toBe('running');
  nodes.advance(200);
  expect(nodes.findPod('web')).toBeUndefined();
});

test('[KUBELET-10] a failed postStart hook kills the container', () => {
  const nodes = createNodes();
  nodes.createPod('web', { containers: [{ ...web, lifecycle: { postStart: { exec: { command: ['sh', '-c', 'exit 1'] } } } }] });
  nodes.settle();
  expect(nodes.events('web')).toContain('FailedPostStartHook: PostStartHook failed');
  expect(nodes.getPod('web').status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('CrashLoopBackOff');
});

test('[KUBELET-15] the node refuses what it has no room for', () => {
  const nodes = createNodes();
  nodes.createPod('big', { containers: [{ ...web, resources: { requests: { cpu: '3' } } }] });
  nodes.createPod('more', { containers: [{ ...web, resources: { requests: { cpu: '1500m' } } }] });
  nodes.settle();
  expect(nodes.getPod('more').status).toMatchObject({
    phase: 'Failed',
    reason: 'OutOfcpu',
    message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 1500, used: 3000, capacity: 4000",
  });
  nodes.client.remove(pod, 'default', 'big');
  nodes.settle();
  nodes.createPod('again', { containers: [{ ...web, resources: { requests: { cpu: '1500m' } } }] });
  nodes.settle();
  expect(nodes.getPod('again').status?.phase).toBe('Running');
});

test('[KUBELET-15] two pods cannot have one host port', () => {
  const nodes = createNodes();
  for (const name of ['a', 'b']) nodes.createPod(name, { containers: [{ ...web, ports: [{ containerPort: 80, hostPort: 8080 }] }] });
  nodes.settle();
  expect(nodes.getPod('b').status).toMatchObject({ phase: 'Failed', reason: 'NodePorts' });
});

test('[KUBELET-16] variables come from Services, fields, limits and each other', () => {
  const nodes = createNodes();
  nodes.createPod('app', {
    containers: [
      {
        ...web,
        resources: { limits: { cpu: '500m', memory: '64Mi' } },
        env: [
          { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
          { name: 'GREETING', value: 'I am $(NAME), not $$(NAME) or $(UNKNOWN)' },
        ],
      },
    ],
  });
  nodes.settle();
  const print = (name: string): string => nodes.nodes[0]?.runtime.exec(nodes.containerId('app'), ['printenv', name]).stdout.trim() ?? '';
  expect(['NAME', 'IP', 'MEMORY', 'GREETING', 'KUBERNETES_SERVICE_HOST', 'KUBERNETES_PORT_443_TCP_PORT', 'HOSTNAME'].map(print)).toEqual([
    'app',
    '10.244.0.2',
    '64',
    'I am app, not $(NAME) or $(UNKNOWN)',
    '10.96.0.1',
    '443',
    'app',
  ]);
});

test('[KUBELET-18] activeDeadlineSeconds ends a pod for good', () => {
  const nodes = createNodes();
  nodes.createPod('slow', { activeDeadlineSeconds: 30, terminationGracePeriodSeconds: 1, containers: [shell('sleep 9999')] });
  nodes.advance(40_000);
  expect(nodes.getPod('slow').status).toMatchObject({
    phase: 'Failed',
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  });
});

test('[KUBELET-19] why a container crashed is told with its exit code and last line', () => {
  const nodes = createNodes();
  nodes.createPod('crash', { containers: [shell('echo starting; echo "no database" >&2; exit 7')] });
  nodes.settle();
  expect(
    nodes.core.trace.findingsAbout({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'crash' }).map(({ text }) => text),
  ).toEqual(['Container "main" exited with code 7 (Error); its last line: no database']);
});

test('[KUBELET-20] the termination message is a file of the container', () => {
  const nodes = createNodes();
  nodes.createPod('job', { restartPolicy: 'Never', containers: [shell('echo "found 3 errors" > /dev/termination-log; exit 1')] });
  nodes.settle();
  expect(nodes.getPod('job').status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 1, message: 'found 3 errors\n' });
});

test('[KUBELET-21] pods on one node pull one after the other, as fast as sizes allow', () => {
  const nodes = createNodes({ realistic: true });
  nodes.createPod('a', { containers: [{ name: 'c', image: 'nginx:1.25' }] });
  nodes.createPod('b', { containers: [{ name: 'c', image: 'redis:7' }] });
  nodes.settle();
  const started = (name: string): string => nodes.getPod(name).status?.containerStatuses?.[0]?.state?.running?.startedAt ?? '';
  // Which of them begins is chance.
  expect(started('a')).not.toBe(started('b'));
  const pulled = nodes.events('b').find((text) => text.startsWith('Pulled'));
  expect(pulled).toMatch(
    /^Pulled: Successfully pulled image "redis:7" in [\d.]+s \([\d.]+s including waiting\)\. Image size: 45\d+ bytes\.$/,
  );
});
