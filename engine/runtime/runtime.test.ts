import { expect, test } from 'vitest';
import { defineImage } from '../images/define-image.ts';
import type { ImageProgram } from '../images/image-program.ts';
import { createNodes, type TestNodes } from '../kubelet/node.case.ts';
import { copyPlain, decodePlain, encodePlain } from '../sim/plain.ts';
import { parseImageReference } from './image-reference.ts';
import { digestOf } from './image-registry.ts';

test.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.25', 'docker.io/library/nginx:1.25'],
  ['hashicorp/http-echo', 'docker.io/hashicorp/http-echo:latest'],
  ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
  ['localhost:5000/app', 'localhost:5000/app:latest'],
  ['NGINX', undefined],
  ['nginx:', undefined],
  ['', undefined],
])('[RUNTIME-1] the reference %j means %j', (text, full) => {
  expect(parseImageReference(text)?.text).toBe(full);
});

test('[RUNTIME-1] equal images have equal digests, whichever tag names them', () => {
  const nodes = createNodes();
  const { runtime } = nodes.nodes[0] as TestNodes['nodes'][number];
  const idOf = (image: string): string => {
    const answer = runtime.resolveImage(image);
    return answer.kind === 'found' ? answer.image.id : answer.message;
  };
  expect(idOf('nginx:1.23')).toBe(idOf('nginx:1.23.4'));
  expect(idOf('nginx:1.23')).not.toBe(idOf('nginx:1.25'));
  expect(digestOf('x')).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ['quay.io/none/app:1', '401 UNAUTHORIZED'],
  ['ghcr.io/none/app:1', '403 Forbidden'],
  ['registry.k8s.io/none:1', 'registry.k8s.io/none:1: not found'],
  ['registry.internal/app:1', 'no such host'],
])('[RUNTIME-2] %s is refused in the words of its registry', (image, words) => {
  const answer = createNodes().nodes[0]?.runtime.resolveImage(image);
  expect(answer).toMatchObject({ kind: 'refused', message: expect.stringContaining(words) });
});

test('[RUNTIME-3] SIGSTOP freezes a process and its answers, SIGCONT thaws it', () => {
  const nodes = createNodes();
  nodes.createPod('web', { containers: [{ name: 'web', image: 'nginx:1.25' }] });
  nodes.settle();
  const { runtime } = nodes.nodes[0] as TestNodes['nodes'][number];
  const id = nodes.containerId('web');
  const get = (): unknown =>
    nodes.network.request({ from: { kind: 'outside' }, host: '172.18.0.2', port: 1, exchange: { kind: 'tcp', data: '' } }) &&
    runtime.deliver({ address: '10.244.0.2', port: 80, protocol: 'TCP' }, 'x', { kind: 'tcp', data: '' });
  runtime.signal(id, 'SIGSTOP');
  expect(get()).toEqual({ kind: 'failed', failure: 'timeout' });
  runtime.signal(id, 'SIGCONT');
  expect(get()).toMatchObject({ kind: 'tcp' });
});

test('[RUNTIME-4] more memory than the limit ends the process as OOMKilled', () => {
  const eater: ImageProgram = {
    initialState: () => ({}),
    start(p) {
      p.setTimer('grow', 1000);
    },
    onTimer(p) {
      p.setMemory(200 * 1_048_576);
    },
  };
  const image = defineImage({
    repository: 'docker.io/lab/eater',
    tags: [{ tag: 'latest', sizeBytes: 1 }],
    entrypoint: ['eater'],
    programs: { eater },
  });
  const nodes = createNodes({ images: [image] });
  nodes.createPod('eater', {
    restartPolicy: 'Never',
    containers: [{ name: 'c', image: 'lab/eater', resources: { limits: { memory: '128Mi' } } }],
  });
  nodes.settle();
  expect(nodes.getPod('eater').status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
});

test('[RUNTIME-5] logs carry time and stream, are bounded, and outlive the container for one restart', () => {
  const nodes = createNodes();
  nodes.createPod('chatty', {
    containers: [
      { name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'for i in $(seq 1 3000); do echo $i; done; echo oops >&2; exit 1'] },
    ],
  });
  nodes.advance(5000);
  const { runtime } = nodes.nodes[0] as TestNodes['nodes'][number];
  const lines = runtime.logs(nodes.containerId('chatty'));
  expect(lines.length).toBeLessThanOrEqual(2000);
  expect(lines.at(-1)).toMatchObject({ stream: 'stderr', text: 'oops' });
  const [sandbox] = [...runtime.sandboxes()];
  expect(runtime.containersOf(sandbox?.id ?? '')).toHaveLength(2);
});

test('[RUNTIME-6] the state of nodes is plain data: written down and read back it is the same', () => {
  const nodes = createNodes();
  nodes.createPod('web', { containers: [{ name: 'web', image: 'nginx:1.25', livenessProbe: { httpGet: { port: 80 } } }] });
  nodes.createPod('loop', {
    containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'while true; do echo x; sleep 5; done'] }],
  });
  nodes.advance(3000);
  const { states } = nodes;
  expect(decodePlain(encodePlain(states))).toEqual(states);
  expect(copyPlain(states)).toEqual(states);
});

test("[RUNTIME-7] a missing executable is told with runc's words", () => {
  const nodes = createNodes();
  nodes.createPod('bad', { restartPolicy: 'Never', containers: [{ name: 'c', image: 'nginx:1.25', command: ['serve'] }] });
  nodes.settle();
  expect(nodes.getPod('bad').status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
    exitCode: 128,
    reason: 'StartError',
    message:
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "serve": executable file not found in $PATH: unknown',
  });
});
