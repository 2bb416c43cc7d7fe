import { expect, test } from 'vitest';
import { configMap } from '../kinds/core/config-map.ts';
import { createNodes, type TestNodes } from '../kubelet/node.case.ts';
import type { V1Container } from '../schema/generated/models.ts';
import type { Outcome } from './exchange.ts';
import { builtInImages } from './registry.ts';

function start(image: string, extra: Partial<V1Container> = {}): TestNodes {
  const nodes = createNodes();
  nodes.createPod('app', { containers: [{ name: 'app', image, ...extra }] });
  nodes.settle();
  return nodes;
}

function get(nodes: TestNodes, path: string, port = 80): Outcome {
  return nodes.network.request({
    from: { kind: 'node', node: 'node-1' },
    host: nodes.getPod('app').status?.podIP ?? '',
    port,
    exchange: { kind: 'http', method: 'GET', path, headers: {}, body: '' },
  }).outcome;
}

function logs(nodes: TestNodes): readonly string[] {
  return nodes.nodes[0]?.runtime.logs(nodes.containerId('app')).map(({ text }) => text) ?? [];
}

function exec(nodes: TestNodes, ...argv: string[]): string {
  const { stdout = '', stderr = '' } = nodes.nodes[0]?.runtime.exec(nodes.containerId('app'), argv) ?? {};
  return stdout + stderr;
}

test.each([
  { image: 'nginx:1.23.0', server: 'nginx/1.23.0' },
  { image: 'nginx:1.23.4', server: 'nginx/1.23.4' },
  { image: 'nginx:1.23.4-alpine', server: 'nginx/1.23.4' },
  { image: 'nginx:1.25', server: 'nginx/1.25.5' },
  { image: 'nginx', server: 'nginx/1.29.4' },
])('[IMAGES-3] $image serves its page and names $server', ({ image, server }) => {
  expect(get(start(image), '/')).toMatchObject({
    kind: 'http',
    response: { status: 200, headers: { Server: server, 'Content-Type': 'text/html' } },
  });
});

test('[IMAGES-3] nginx logs requests in its format and answers 404 for what is not there', () => {
  const nodes = start('nginx:1.25');
  expect(get(nodes, '/missing')).toMatchObject({ response: { status: 404 } });
  expect(logs(nodes).at(-1)).toMatch(
    /^172\.18\.0\.2 - - \[05\/Jan\/2026:09:00:00 \+0000\] "GET \/missing HTTP\/1\.1" 404 \d+ "-" "-" "-"$/,
  );
});

test('[IMAGES-3] nginx follows its configuration and refuses a broken one', () => {
  const nodes = createNodes();
  nodes.client.create(configMap, {
    metadata: { name: 'good', namespace: 'default' },
    data: { 'default.conf': 'server { listen 8080; location /hi { return 200 "hello"; } }' },
  });
  nodes.client.create(configMap, {
    metadata: { name: 'bad', namespace: 'default' },
    data: { 'default.conf': 'server { listen 8080; location /hi { return 200 "hello" } }' },
  });
  for (const name of ['good', 'bad']) {
    nodes.createPod(name === 'good' ? 'app' : 'bad', {
      containers: [{ name: 'app', image: 'nginx:1.25', volumeMounts: [{ name: 'conf', mountPath: '/etc/nginx/conf.d' }] }],
      volumes: [{ name: 'conf', configMap: { name } }],
    });
  }
  nodes.settle();
  expect(get(nodes, '/hi', 8080)).toMatchObject({ response: { status: 200, body: 'hello' } });
  expect(get(nodes, '/', 80)).toEqual({ kind: 'failed', failure: 'refused' });
  expect(nodes.nodes[0]?.runtime.logs(nodes.containerId('bad')).at(-1)?.text).toBe(
    'nginx: [emerg] unexpected "}" in /etc/nginx/conf.d/default.conf:1',
  );
});

test('[IMAGES-4] redis keeps values until its container ends', () => {
  const nodes = start('redis:7');
  expect([
    exec(nodes, 'redis-cli', 'ping'),
    exec(nodes, 'redis-cli', 'set', 'color', 'blue'),
    exec(nodes, 'redis-cli', 'get', 'color'),
  ]).toEqual(['PONG\n', 'OK\n', 'blue\n']);
  expect(logs(nodes).at(-1)).toContain('Ready to accept connections');
  nodes.nodes[0]?.machine.killContainer(nodes.containerId('app'));
  nodes.settle();
  expect(exec(nodes, 'redis-cli', 'get', 'color')).toBe('\n');
});

test('[IMAGES-5] agnhost, httpd and http-echo answer as their commands say', () => {
  const netexec = start('registry.k8s.io/e2e-test-images/agnhost:2.40', { args: ['netexec', '--http-port=8080'] });
  expect(get(netexec, '/hostname', 8080)).toMatchObject({ response: { body: 'app' } });
  expect(get(netexec, '/clientip', 8080)).toMatchObject({ response: { body: '172.18.0.2:40000' } });
  expect(get(netexec, '/exit?code=3', 8080)).toMatchObject({ response: { status: 200 } });
  netexec.settle();
  expect(netexec.getPod('app').status?.containerStatuses?.[0]).toMatchObject({
    restartCount: 1,
    lastState: { terminated: { exitCode: 3 } },
  });
  expect(get(start('httpd:2.4'), '/')).toMatchObject({ response: { status: 200, body: '<html><body><h1>It works!</h1></body></html>\n' } });
  expect(get(start('hashicorp/http-echo', { args: ['-text=hi'] }), '/', 5678)).toMatchObject({ response: { body: 'hi\n' } });
});

test('[IMAGES-6] repositories are unique, and tags that are other names point at a tag', () => {
  const repositories = builtInImages.map(({ repository }) => repository);
  expect(new Set(repositories).size).toBe(repositories.length);
  for (const { repository, tags } of builtInImages) {
    if (tags === 'any') continue;
    const dangling = tags
      .filter(({ sameAs }) => sameAs !== undefined && !tags.some(({ tag }) => tag === sameAs))
      .map(({ tag }) => `${repository}:${tag}`);
    expect(dangling).toEqual([]);
  }
});

test('[IMAGES-7] debug tools are there only where the real image has them', () => {
  const nodes = start('nginx:1.25');
  expect(exec(nodes, 'wget', 'x')).toContain('exec: "wget": executable file not found in $PATH');
  expect(exec(start('nginx:1.23.4-alpine'), 'wget', '-qO-', '127.0.0.1')).toContain('Welcome to nginx!');
});
