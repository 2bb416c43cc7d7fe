import { expect, test } from 'vitest';
import { pod } from '../kinds/core/pod.ts';
import type { V1Container } from '../schema/generated/models.ts';
import { createNodes, type TestNodes } from './node.case.ts';

const http = (port: number, path = '/healthz'): { readonly httpGet: { readonly path: string; readonly port: number } } => ({
  httpGet: { path, port },
});
const agnhost = (args: readonly string[], extra: Partial<V1Container>): V1Container => ({
  name: 'main',
  image: 'registry.k8s.io/e2e-test-images/agnhost:2.40',
  args: [...args],
  ...extra,
});

function isReady(nodes: TestNodes, name: string): boolean {
  return nodes.getPod(name).status?.containerStatuses?.[0]?.ready === true;
}

test('[KUBELET-8] a healthy probe costs nothing, however long it goes on', () => {
  const nodes = createNodes();
  nodes.createPod('web', {
    containers: [
      { name: 'web', image: 'nginx:1.25', livenessProbe: http(80, '/'), readinessProbe: { ...http(80, '/'), periodSeconds: 1 } },
    ],
  });
  nodes.settle();
  const before = nodes.core.sim.state.seq;
  nodes.advance(86_400_000);
  expect(nodes.core.sim.state.seq).toBe(before);
});

test('[KUBELET-8] a change in the container is seen at the next tick of the period', () => {
  const nodes = createNodes();
  nodes.createPod('web', {
    containers: [{ name: 'web', image: 'nginx:1.25', readinessProbe: { ...http(80, '/ok'), periodSeconds: 10, failureThreshold: 1 } }],
  });
  nodes.settle();
  expect(isReady(nodes, 'web')).toBe(false);
  const { runtime } = nodes.nodes[0] as TestNodes['nodes'][number];
  runtime.writeFile(nodes.containerId('web'), '/usr/share/nginx/html/ok', 'yes');
  nodes.advance(9000);
  expect(isReady(nodes, 'web')).toBe(false);
  nodes.advance(1000);
  expect(isReady(nodes, 'web')).toBe(true);
  nodes.advance(3000);
  runtime.exec(nodes.containerId('web'), ['rm', '/usr/share/nginx/html/ok']);
  nodes.advance(6000);
  expect(isReady(nodes, 'web')).toBe(true);
  nodes.advance(1000);
  expect(isReady(nodes, 'web')).toBe(false);
});

test('[KUBELET-9] failed liveness kills the container after failureThreshold and counts a restart', () => {
  const nodes = createNodes();
  nodes.createPod('live', {
    terminationGracePeriodSeconds: 0,
    containers: [agnhost(['liveness'], { livenessProbe: { ...http(8080), initialDelaySeconds: 3, periodSeconds: 3 } })],
  });
  nodes.advance(17_900);
  expect(nodes.getPod('live').status?.containerStatuses?.[0]?.restartCount).toBe(0);
  nodes.advance(200);
  // Ticks at 12, 15 and 18 seconds see the 500 that begins after ten seconds.
  expect(nodes.getPod('live').status?.containerStatuses?.[0]?.restartCount).toBe(1);
  expect(nodes.events('live')).toContain('Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 500');
  expect(nodes.events('live')).toContain('Killing: Container main failed liveness probe, will be restarted');
});

test('[KUBELET-9] an exec probe sees the files of the container', () => {
  const nodes = createNodes();
  nodes.createPod('exec', {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'liveness',
        image: 'registry.k8s.io/busybox:1.27.2',
        args: ['/bin/sh', '-c', 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600'],
        livenessProbe: { exec: { command: ['cat', '/tmp/healthy'] }, initialDelaySeconds: 5, periodSeconds: 5 },
      },
    ],
  });
  nodes.advance(29_000);
  expect(nodes.events('exec').some((text) => text.startsWith('Unhealthy'))).toBe(false);
  nodes.advance(16_000);
  expect(nodes.events('exec')).toContain("Unhealthy: Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory\n");
  expect(nodes.getPod('exec').status?.containerStatuses?.[0]?.restartCount).toBe(1);
});

test('[KUBELET-9] a startup probe holds the others back', () => {
  const nodes = createNodes();
  nodes.createPod('slow', {
    containers: [
      {
        name: 'main',
        image: 'busybox:1.36',
        command: ['sh', '-c', 'sleep 25; touch /tmp/up; sleep 99999'],
        startupProbe: { exec: { command: ['test', '-f', '/tmp/up'] }, periodSeconds: 10, failureThreshold: 10 },
        livenessProbe: { exec: { command: ['test', '-f', '/tmp/up'] }, periodSeconds: 1, failureThreshold: 1 },
      },
    ],
  });
  nodes.advance(29_000);
  expect(nodes.getPod('slow').status?.containerStatuses?.[0]).toMatchObject({ started: false, ready: false, restartCount: 0 });
  nodes.advance(1000);
  expect(nodes.getPod('slow').status?.containerStatuses?.[0]).toMatchObject({ started: true, ready: true, restartCount: 0 });
});

test.each([
  { name: 'refused', probe: { tcpSocket: { port: 3000 } }, says: 'dial tcp 10.244.0.2:3000: connect: connection refused' },
  {
    name: 'http refused',
    probe: http(81),
    says: 'Get "http://10.244.0.2:81/healthz": dial tcp 10.244.0.2:81: connect: connection refused',
  },
  { name: 'not found', probe: http(80, '/nothing'), says: 'HTTP probe failed with statuscode: 404' },
])('[KUBELET-9] a failing probe says what it met: $name', ({ probe, says }) => {
  const nodes = createNodes();
  nodes.createPod('web', { containers: [{ name: 'web', image: 'nginx:1.25', readinessProbe: probe }] });
  nodes.settle(60_000);
  expect(nodes.events('web')).toContain(`Unhealthy: Readiness probe failed: ${says}`);
  expect(isReady(nodes, 'web')).toBe(false);
  expect(nodes.core.sim.isSettled).toBe(true);
});

test('[KUBELET-9] probes of a deleted pod end with it', () => {
  const nodes = createNodes();
  nodes.createPod('web', { containers: [{ name: 'web', image: 'nginx:1.25', readinessProbe: http(81) }] });
  nodes.settle();
  nodes.client.remove(pod, 'default', 'web');
  nodes.settle();
  nodes.advance(60_000);
  expect(nodes.core.sim.state.timers.size).toBe(0);
});
