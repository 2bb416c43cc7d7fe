import { expect, test } from 'vitest';
import type { ExecResult } from '../images/image-program.ts';
import { service } from '../kinds/core/service.ts';
import { endpointSlice } from '../kinds/discovery/endpoint-slice.ts';
import { createNodes, type TestNodes } from '../kubelet/node.case.ts';
import type { V1ServiceSpec } from '../schema/generated/models.ts';
import type { PacketResult, Source } from './packet.ts';

/** A Service whose endpoints the tests keep themselves: no controllers run here. */
function expose(nodes: TestNodes, name: string, podNames: readonly string[], spec: V1ServiceSpec = {}): string {
  const created = nodes.client.create(service, {
    metadata: { name, namespace: 'default' },
    spec: { ports: [{ name: 'http', port: 80, targetPort: 80 }], ...spec },
  });
  nodes.client.create(endpointSlice, {
    metadata: { name: `${name}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    endpoints: podNames.map((podName) => {
      const { status, spec: podSpec } = nodes.getPod(podName);
      return {
        addresses: [status?.podIP ?? ''],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: podSpec?.nodeName ?? '',
        targetRef: { kind: 'Pod', namespace: 'default', name: podName },
      };
    }),
  });
  nodes.settle();
  return created.spec?.clusterIP ?? '';
}

function startWeb(nodes: TestNodes, names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    nodes.createPod(name, { nodeName: `node-${(index % nodes.nodes.length) + 1}`, containers: [{ name: 'web', image: 'nginx:1.25' }] });
  }
  nodes.settle();
}

function get(nodes: TestNodes, from: Source, host: string, port = 80): PacketResult {
  return nodes.network.request({ from, host, port, exchange: { kind: 'http', method: 'GET', path: '/', headers: {}, body: '' } });
}

function outcomeOf({ outcome }: PacketResult): string | number {
  return outcome.kind === 'http' ? outcome.response.status : outcome.kind === 'failed' ? outcome.failure : outcome.kind;
}

const inside: Source = { kind: 'pod', namespace: 'default', name: 'a' };
const outside: Source = { kind: 'outside' };

function withDns(nodes: TestNodes): void {
  nodes.createPod('dns', {
    dnsPolicy: 'Default',
    containers: [{ name: 'coredns', image: 'registry.k8s.io/coredns/coredns:v1.14.1', args: ['-conf', '/none'] }],
  });
  nodes.settle();
  nodes.client.create(service, {
    metadata: { name: 'kube-dns', namespace: 'default' },
    spec: { clusterIP: '10.96.0.10', ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] },
  });
  nodes.client.create(endpointSlice, {
    metadata: { name: 'kube-dns-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kube-dns' } },
    addressType: 'IPv4',
    ports: [{ name: 'dns', port: 53, protocol: 'UDP' }],
    endpoints: [{ addresses: [nodes.getPod('dns').status?.podIP ?? ''], conditions: { ready: true }, nodeName: 'node-1' }],
  });
  nodes.settle();
}

function exec(nodes: TestNodes, podName: string, command: readonly string[]): ExecResult {
  const node = nodes.nodes.find(({ name }) => name === nodes.getPod(podName).spec?.nodeName);
  return node?.runtime.exec(nodes.containerId(podName), command) ?? { stdout: '', stderr: '', exitCode: 255 };
}

test('[NETWORK-1] each node gives its pods addresses of its own range, released ones late', () => {
  const nodes = createNodes({ count: 2 });
  startWeb(nodes, ['a', 'b', 'c']);
  expect(['a', 'b', 'c'].map((name) => nodes.getPod(name).status?.podIP)).toEqual(['10.244.0.2', '10.244.1.2', '10.244.0.3']);
  nodes.network.release('10.244.0.3');
  expect(nodes.network.allocate('node-1', { namespace: 'default', name: 'd', uid: 'd' })).toBe('10.244.0.4');
});

test("[NETWORK-2] a Service address is translated on the client's node and spread over ready endpoints", () => {
  const nodes = createNodes({ count: 2 });
  startWeb(nodes, ['a', 'b']);
  const address = expose(nodes, 'web', ['a', 'b']);
  const answered = Array.from({ length: 200 }, () => get(nodes, inside, address).answeredBy?.pod);
  const share = answered.filter((pod) => pod === 'default/b').length / answered.length;
  expect(share).toBeGreaterThan(0.35);
  expect(share).toBeLessThan(0.65);
  const far = get(nodes, { kind: 'node', node: 'node-2' }, nodes.getPod('a').status?.podIP ?? '');
  expect(far.hops).toEqual([
    { at: 'node-2', does: 'routes to node-1' },
    { at: 'a', does: 'answers 200 on 10.244.0.2:80' },
  ]);
});

test.each([
  { what: 'a pod address from outside', from: outside, host: '10.244.0.2', port: 80, want: 'timeout' },
  { what: 'a Service address from outside', from: outside, host: 'service', port: 80, want: 'timeout' },
  { what: 'a port nobody listens on', from: inside, host: '10.244.0.2', port: 81, want: 'refused' },
  { what: 'a Service without endpoints', from: inside, host: 'empty', port: 80, want: 'refused' },
  { what: 'an address of nobody', from: inside, host: '10.244.0.99', port: 80, want: 'timeout' },
  { what: 'an unknown name', from: inside, host: 'nowhere', port: 80, want: 'unknown-host' },
  { what: 'a node port from outside', from: outside, host: '172.18.0.3', port: 30_080, want: 200 },
])('[NETWORK-3] $what gives $want', ({ from, host, port, want }) => {
  const nodes = createNodes({ count: 2 });
  startWeb(nodes, ['a', 'b']);
  const addresses: Readonly<Record<string, string>> = {
    service: expose(nodes, 'web', ['a', 'b'], { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30_080 }] }),
    empty: expose(nodes, 'empty', []),
  };
  expect(outcomeOf(get(nodes, from, addresses[host] ?? host, port))).toBe(want);
});

test('[NETWORK-4] a node without power answers nothing', () => {
  const nodes = createNodes({ count: 2 });
  startWeb(nodes, ['a', 'b']);
  nodes.nodes[1]?.machine.powerOff();
  expect(outcomeOf(get(nodes, inside, '10.244.1.2'))).toBe('timeout');
  expect(outcomeOf(get(nodes, outside, '172.18.0.3', 30_080))).toBe('timeout');
});

test('[NETWORK-5] rules outlive kube-proxy and go stale without it', () => {
  const nodes = createNodes();
  startWeb(nodes, ['a', 'b']);
  const address = expose(nodes, 'web', ['a']);
  nodes.core.processes.stop('kube-proxy/node-1');
  nodes.client.modify(endpointSlice, 'default', 'web-1', (draft) => {
    for (const endpoint of draft.endpoints ?? []) endpoint.addresses = [nodes.getPod('b').status?.podIP ?? ''];
  });
  nodes.settle();
  expect(get(nodes, inside, address).answeredBy?.pod).toBe('default/a');
  nodes.core.processes.start('kube-proxy/node-1');
  nodes.settle();
  expect(get(nodes, inside, address).answeredBy?.pod).toBe('default/b');
});

test('[NETWORK-5] a deleted Service loses its rules', () => {
  const nodes = createNodes();
  startWeb(nodes, ['a']);
  expose(nodes, 'web', ['a'], { type: 'NodePort' });
  nodes.client.remove(service, 'default', 'web');
  nodes.client.remove(endpointSlice, 'default', 'web-1');
  nodes.settle();
  expect([...nodes.network.rules('node-1').values()].map((rule) => rule.service)).toEqual(['default/kubernetes:https']);
});

test('[NETWORK-6] ClientIP affinity keeps a client at its backend', () => {
  const nodes = createNodes({ count: 2 });
  startWeb(nodes, ['a', 'b']);
  const address = expose(nodes, 'web', ['a', 'b'], { sessionAffinity: 'ClientIP' });
  const answered = new Set(Array.from({ length: 50 }, () => get(nodes, inside, address).answeredBy?.pod));
  expect(answered.size).toBe(1);
});

test('[NETWORK-7] traffic policy Local stays on the node, and drops what comes from outside where no endpoint is', () => {
  const nodes = createNodes({ count: 2 });
  startWeb(nodes, ['a']);
  expose(nodes, 'web', ['a'], { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ name: 'http', port: 80, nodePort: 30_080 }] });
  expect([outcomeOf(get(nodes, outside, '172.18.0.2', 30_080)), outcomeOf(get(nodes, outside, '172.18.0.3', 30_080))]).toEqual([
    200,
    'timeout',
  ]);
  const inner = expose(nodes, 'inner', ['a'], { internalTrafficPolicy: 'Local' });
  expect([
    outcomeOf(get(nodes, { kind: 'node', node: 'node-1' }, inner)),
    outcomeOf(get(nodes, { kind: 'node', node: 'node-2' }, inner)),
  ]).toEqual([200, 'refused']);
});

test('[NETWORK-8] names are resolved through the kube-dns Service with the search path', () => {
  const nodes = createNodes({ dns: true });
  startWeb(nodes, ['a']);
  withDns(nodes);
  expose(nodes, 'web', ['a']);
  expect(['web', 'web.default', 'web.default.svc.cluster.local', 'other'].map((name) => outcomeOf(get(nodes, inside, name)))).toEqual([
    200,
    200,
    200,
    'unknown-host',
  ]);
  const { hops } = get(nodes, inside, 'web');
  expect(hops.map(({ at }) => at)).toEqual(['node-1 kube-proxy', 'dns', 'a', 'node-1 kube-proxy', 'a']);
});

test('[NETWORK-8] without a CoreDNS pod no name is known', () => {
  const nodes = createNodes({ dns: true });
  startWeb(nodes, ['a']);
  expose(nodes, 'web', ['a']);
  expect(outcomeOf(get(nodes, inside, 'web'))).toBe('unknown-host');
});

test('[NETWORK-9] headless, pod, SRV and ExternalName records follow the DNS specification', () => {
  const nodes = createNodes({ dns: true });
  startWeb(nodes, ['a', 'b']);
  withDns(nodes);
  expose(nodes, 'peers', ['a', 'b'], { clusterIP: 'None' });
  const web = expose(nodes, 'web', ['a']);
  nodes.client.create(service, {
    metadata: { name: 'db', namespace: 'default' },
    spec: { type: 'ExternalName', externalName: 'db.example.com' },
  });
  nodes.settle();
  const ask = (name: string, type: 'A' | 'SRV' = 'A'): string => {
    const answer = nodes.network.query({ node: 'node-1', address: nodes.getPod('a').status?.podIP ?? '' }, { name, type });
    return `${answer?.rcode} ${answer?.records
      .map((record) => record.value)
      .toSorted()
      .join(',')}`;
  };
  expect(ask('peers.default.svc.cluster.local')).toBe('NOERROR 10.244.0.2,10.244.0.3');
  expect(ask('10-244-0-2.default.pod.cluster.local')).toBe('NOERROR 10.244.0.2');
  expect(ask('_http._tcp.web.default.svc.cluster.local', 'SRV')).toBe('NOERROR 0 100 80 web.default.svc.cluster.local');
  expect(ask('db.default.svc.cluster.local')).toBe('NOERROR db.example.com');
  expect(ask('web.default.svc.cluster.local')).toBe(`NOERROR ${web}`);
  expect(ask('absent.default.svc.cluster.local')).toBe('NXDOMAIN ');
});

test('[NETWORK-9] an ExternalName that stands for a Service of the cluster leads there, and a circle of them leads nowhere', () => {
  const nodes = createNodes({ dns: true });
  nodes.createPod('client', { containers: [{ name: 'sh', image: 'busybox:1.36', command: ['sleep', '100000'] }] });
  startWeb(nodes, ['a']);
  withDns(nodes);
  expose(nodes, 'web', ['a']);
  const alias = (name: string, externalName: string): void => {
    nodes.client.create(service, { metadata: { name, namespace: 'default' }, spec: { type: 'ExternalName', externalName } });
  };
  alias('page', 'web.default.svc.cluster.local');
  alias('far', 'page.default.svc.cluster.local');
  alias('hen', 'egg.default.svc.cluster.local');
  alias('egg', 'hen.default.svc.cluster.local');
  alias('db', 'db.example.com');
  nodes.settle();
  expect(['page', 'far', 'hen', 'db'].map((name) => outcomeOf(get(nodes, inside, name)))).toEqual([
    200,
    200,
    'unknown-host',
    'unknown-host',
  ]);
  expect(exec(nodes, 'client', ['nslookup', 'db'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('db.default.svc.cluster.local\tcanonical name = db.example.com\n'),
  });
});

test('[NETWORK-10] programs in pods take the same way, and say so in their own words', () => {
  const nodes = createNodes({ dns: true });
  nodes.createPod('client', { containers: [{ name: 'sh', image: 'busybox:1.36', command: ['sleep', '100000'] }] });
  startWeb(nodes, ['a']);
  withDns(nodes);
  expose(nodes, 'web', ['a']);
  expose(nodes, 'empty', []);
  expect(exec(nodes, 'client', ['wget', '-qO-', 'web']).stdout).toContain('Welcome to nginx!');
  expect(exec(nodes, 'client', ['wget', '-qO-', '-T', '2', 'missing']).stderr).toBe("wget: bad address 'missing'\n");
  expect(exec(nodes, 'client', ['wget', '-qO-', 'empty']).stderr).toMatch(
    /^wget: can't connect to remote host \(10\.[\d.]+\): Connection refused\n$/,
  );
  expect(exec(nodes, 'client', ['wget', '-qO-', 'web/none']).stderr).toBe('wget: server returned error: HTTP/1.1 404 Not Found\n');
  expect(exec(nodes, 'a', ['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', 'http://web']).stdout).toBe('200');
  expect(exec(nodes, 'client', ['nslookup', 'web.default.svc.cluster.local']).exitCode).toBe(0);
});

test('[NETWORK-11] load leaves hops out and changes no answer', () => {
  const nodes = createNodes({ count: 2 });
  startWeb(nodes, ['a', 'b']);
  const address = expose(nodes, 'web', ['a', 'b']);
  for (let i = 0; i < 20_000; i++)
    nodes.network.request({ from: inside, host: address, port: 80, withoutHops: true, exchange: { kind: 'tcp', data: '' } });
  expect(outcomeOf(get(nodes, inside, address))).toBe(200);
});
