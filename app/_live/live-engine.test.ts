import { expect, test } from 'vitest';
import { LiveEngine, type LivePicture } from './live-engine.ts';

function podNames(picture: LivePicture): readonly string[] {
  return picture.nodes.flatMap((node) => node.pods.filter((pod) => pod.state === 'running').map((pod) => pod.name)).sort();
}

test('starts with three pods running on two nodes', () => {
  const picture = new LiveEngine().advance(0);
  expect(podNames(picture)).toHaveLength(3);
  expect(picture.nodes.map((node) => [node.name, node.isReady])).toEqual([
    ['node-1', true],
    ['node-2', true],
  ]);
});

test('a deleted pod is replaced by another one', () => {
  const engine = new LiveEngine();
  const before = podNames(engine.advance(0));
  engine.deletePod(before[0] ?? '');
  const after = podNames(engine.advance(60_000));
  expect(after).toHaveLength(3);
  expect(after).not.toContain(before[0]);
});

test('without a scheduler a new pod waits, and with it the pod is placed', () => {
  const engine = new LiveEngine();
  engine.toggleComponent('kube-scheduler');
  engine.scale(1);
  expect(engine.advance(10_000).waiting).toHaveLength(1);
  engine.toggleComponent('kube-scheduler');
  expect(engine.advance(60_000).waiting).toHaveLength(0);
});

test('with the API server down a request is refused, and the pods stay in the picture', () => {
  const engine = new LiveEngine();
  engine.toggleComponent('kube-apiserver');
  engine.advance(5000);
  engine.scale(1);
  const picture = engine.advance(0);
  expect(picture.isApiUp).toBe(false);
  expect(picture.steps[0]?.text).toContain('refused');
  expect(podNames(picture)).toHaveLength(3);
});

test('pods of a node that lost its power come back on the other one', () => {
  const engine = new LiveEngine();
  engine.togglePower('node-1');
  const picture = engine.advance(600_000);
  expect(picture.nodes[0]).toMatchObject({ isOn: false, isReady: false });
  expect(picture.nodes[1]?.pods.filter((pod) => pod.state === 'running')).toHaveLength(3);
});
