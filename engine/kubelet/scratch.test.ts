import { test } from 'vitest';
import { createNodes } from '/work/main/engine/kubelet/node.case.ts';
import { node } from '/work/main/engine/kinds/core/node.ts';
test('first', () => {
  const t = createNodes();
  t.createPod('web', { containers: [{ name: 'web', image: 'nginx:1.25' }] });
  t.settle();
  console.log(JSON.stringify(t.getPod('web').status, null, 1));
  console.log(t.events('web'));
  console.log(t.network.request({ from: { kind: 'node', node: 'node-1' }, host: t.getPod('web').status?.podIP ?? '', port: 80, exchange: { kind: 'http', method: 'GET', path: '/', headers: {}, body: '' } }));
  console.log([...t.core.sim.state.timers.values()]);
});
