import { test } from 'vitest';
import { createNodes } from './node.case.ts';
import { pod } from '../kinds/core/pod.ts';
import { configMap } from '../kinds/core/config-map.ts';
import { event } from '../kinds/core/event.ts';
function show(t: any, name: string) {
  const p = t.findPod(name);
  if (!p) return console.log(name, 'GONE');
  const s = p.status;
  console.log(name, s.phase, s.reason ?? '', s.message ?? '', JSON.stringify(s.conditions?.map((c: any) => `${c.type}=${c.status} ${c.reason ?? ''} ${c.message ?? ''}`)), '\n  ', JSON.stringify([...(s.initContainerStatuses ?? []), ...(s.containerStatuses ?? [])].map((c: any) => [c.name, c.state, c.lastState, c.restartCount, c.ready, c.started])), '\n  ', t.client.list(event, 'default').filter((e: any) => e.involvedObject.name === name).map((e: any) => `x${e.count} ${e.reason}: ${e.message}`).join('\n   '));
}
test('scenarios', () => {
  const t = createNodes({ count: 2 });
  t.createPod('bad', { containers: [{ name: 'c', image: 'rediss' }] });
  t.createPod('badtag', { containers: [{ name: 'c', image: 'nginx:9.99' }] });
  t.createPod('badname', { containers: [{ name: 'c', image: 'NGINX:1' }] });
  t.createPod('never', { containers: [{ name: 'c', image: 'nginx:1.26', imagePullPolicy: 'Never' }] });
  t.createPod('crash', { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'echo boom; exit 3'] }] });
  t.createPod('noexe', { containers: [{ name: 'c', image: 'busybox:1.36', command: ['foo'] }] });
  t.createPod('done', { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'echo hi && sleep 3'] }] });
  t.createPod('cfg', { containers: [{ name: 'c', image: 'nginx:1.25', env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'app', key: 'a' } } }] }] });
  t.createPod('vol', { containers: [{ name: 'c', image: 'nginx:1.25', volumeMounts: [{ name: 'v', mountPath: '/usr/share/nginx/html' }] }], volumes: [{ name: 'v', configMap: { name: 'page' } }] });
  t.createPod('init', { initContainers: [{ name: 'i1', image: 'busybox:1.36', command: ['sh', '-c', 'until nslookup my; do echo waiting; sleep 2; done'] }], containers: [{ name: 'c', image: 'nginx:1.25' }] });
  t.settle(60000);
  for (const n of ['bad', 'badtag', 'badname', 'never', 'crash', 'noexe', 'done', 'cfg', 'vol', 'init']) show(t, n);
  t.client.create(configMap, { metadata: { name: 'app', namespace: 'default' }, data: { a: '1' } });
  t.client.create(configMap, { metadata: { name: 'page', namespace: 'default' }, data: { 'index.html': 'mine' } });
  t.advance(20000);
  for (const n of ['cfg', 'vol', 'crash']) show(t, n);
  console.log(t.network.request({ from: { kind: 'node', node: 'node-1' }, host: t.getPod('vol').status?.podIP ?? '', port: 80, exchange: { kind: 'http', method: 'GET', path: '/', headers: {}, body: '' } }).outcome);
  for (const n of ['cfg', 'crash', 'bad']) t.client.remove(pod, 'default', n);
  t.settle(120000);
  for (const n of ['cfg', 'crash', 'bad']) show(t, n);
  t.advance(600_000); show(t, 'noexe');
});
