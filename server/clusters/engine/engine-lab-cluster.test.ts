import { expect, test } from 'vitest';
import { Cluster } from '#engine';
import type { ClusterAnswer, InputResult } from '../cluster-messages.ts';
import { EngineLabCluster } from './engine-lab-cluster.ts';
import type { LabRules } from './lab-rules.ts';

/** Rules of a lab that asks for nothing; counts how often it was looked at. */
function freeLab(): LabRules & { observed: number } {
  let memory: unknown = { looks: 0 };
  return {
    observed: 0,
    open: () => Cluster.create({ seed: 1, workers: 2 }),
    observe() {
      this.observed++;
    },
    ticks: () => [],
    grade: (_cluster, attempt) => ({ attempt, gradable: true, score: 0, max: 0, checks: [], milliseconds: 0 }),
    get memory() {
      return memory;
    },
    remember(saved) {
      memory = saved;
    },
  };
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.27"}]}
`;

async function apply(lab: EngineLabCluster, text: string): Promise<InputResult> {
  return await lab.execute({ type: 'apply', path: 'web.yaml', text });
}

async function stateOf(lab: EngineLabCluster): Promise<Extract<ClusterAnswer, { kind: 'state' }>['state']> {
  const answer = await lab.ask({ type: 'state' });
  if (answer.kind !== 'state') throw new Error('no state');
  return answer.state;
}

test('an applied manifest shows as objects, events and steps, each once in its newest state', async () => {
  const lab = new EngineLabCluster(freeLab());
  expect(await apply(lab, deployment)).toEqual({
    kind: 'apply',
    apply: { lines: ['deployment.apps/web created'], warnings: [], problems: [] },
  });
  lab.takeDelta();
  await lab.advance(lab.nowMs + 20_000, Number.POSITIVE_INFINITY);
  const delta = lab.takeDelta();
  const pods = delta?.changed?.filter(({ ref }) => ref.kind === 'Pod') ?? [];
  expect(pods.map(({ state }) => state)).toEqual(['running', 'running']);
  expect(delta?.changed?.find(({ ref }) => ref.kind === 'Deployment')?.workload).toEqual({ desired: 2, ready: 2, updated: 2 });
  expect(delta?.events?.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['Scheduled', 'Pulled', 'Started']));
  expect(delta?.trace?.map(({ actor }) => actor)).toEqual(expect.arrayContaining(['replicaset-controller', 'kube-scheduler', 'kubelet']));
});

test('YAML that cannot be read names line and column, and the cluster stays as it was', async () => {
  const lab = new EngineLabCluster(freeLab());
  const result = await apply(lab, 'kind: Pod\n  metadata: {\n');
  expect(result).toMatchObject({
    kind: 'apply',
    apply: {
      lines: [],
      problems: expect.arrayContaining([
        { path: 'web.yaml', line: 1, column: 7, message: expect.stringContaining('error parsing web.yaml') },
      ]),
    },
  });
  const unknown = await apply(lab, deployment.replace('replicas', 'replcas'));
  expect(unknown).toMatchObject({ apply: { problems: [{ line: 5, message: expect.stringContaining('unknown field "spec.replcas"') }] } });
});

test('an alias bomb and 100,000 replicas end in a clear word, and the cluster goes on', async () => {
  const lab = new EngineLabCluster(freeLab());
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`),
  ].join('\n');
  expect(await apply(lab, bomb)).toMatchObject({ apply: { problems: [{ message: expect.stringMatching(/alias/i) }] } });
  await apply(lab, deployment.replace('replicas: 2', 'replicas: 100000'));
  for (let slice = 0; slice < 40; slice++) await lab.advance(lab.nowMs + 250, 2000);
  expect((await stateOf(lab)).objects.length).toBeLessThan(26_000);
  expect(await apply(lab, deployment.replace('replicas: 2', 'replicas: 1'))).toMatchObject({
    apply: { lines: ['deployment.apps/web configured'] },
  });
}, 60_000);

test('a snapshot goes on where it was, with files, terminals and the time line', async () => {
  const lab = new EngineLabCluster(freeLab());
  await lab.execute({ type: 'openTerminal', terminal: 'one', cols: 80, rows: 24 });
  await lab.execute({ type: 'terminalInput', terminal: 'one', data: 'x=5; echo hi > note.txt\r' });
  expect(lab.takeFileChanges()).toEqual([{ path: 'note.txt', text: 'hi\n' }]);
  await apply(lab, deployment);
  await lab.advance(lab.nowMs + 1500, Number.POSITIVE_INFINITY);
  const woken = new EngineLabCluster(freeLab(), lab.snapshot());
  for (const one of [lab, woken]) await one.advance(one.nowMs + 20_000, Number.POSITIVE_INFINITY);
  expect((await stateOf(woken)).objects).toEqual((await stateOf(lab)).objects);
  expect(woken.timeline).toEqual(lab.timeline);
  await woken.execute({ type: 'terminalInput', terminal: 'one', data: 'cat note.txt; echo $x\r' });
  expect(
    woken
      .takeTerminalOutput()
      .map(({ data }) => data)
      .join(''),
  ).toContain('hi\r\n5\r\n');
});

test('turning back brings the cluster of that moment and keeps the files', async () => {
  const lab = new EngineLabCluster(freeLab());
  await lab.advance(lab.nowMs + 1000, Number.POSITIVE_INFINITY);
  await lab.execute({ type: 'openTerminal', terminal: 'one', cols: 80, rows: 24 });
  await apply(lab, deployment);
  await lab.advance(lab.nowMs + 20_000, Number.POSITIVE_INFINITY);
  await lab.execute({ type: 'writeFile', path: 'later.yaml', text: 'kept' });
  const start = lab.timeline[0];
  expect(await lab.execute({ type: 'rewind', toMs: start?.atMs ?? 0 })).toEqual({ kind: 'done' });
  expect((await stateOf(lab)).objects.some(({ ref }) => ref.name === 'web')).toBe(false);
  // The terminal is younger than the moment, and works all the same.
  await lab.execute({ type: 'terminalInput', terminal: 'one', data: 'cat later.yaml\r' });
  expect(
    lab
      .takeTerminalOutput()
      .map(({ data }) => data)
      .join(''),
  ).toContain('kept');
  expect(await lab.execute({ type: 'rewind', toMs: -1 })).toMatchObject({ kind: 'refused', code: 'notFound' });
});

test('levers say what they did; requests show their way', async () => {
  const lab = new EngineLabCluster(freeLab());
  expect(await lab.execute({ type: 'pullLever', action: { lever: 'stopComponent', component: 'kube-scheduler' } })).toMatchObject({
    kind: 'lever',
    text: expect.stringContaining('kube-scheduler'),
  });
  await lab.advance(lab.nowMs + 60_000, Number.POSITIVE_INFINITY);
  expect(lab.takeDelta()?.components?.find(({ name }) => name === 'kube-scheduler')?.health).toBe('stopped');
  expect(
    await lab.execute({ type: 'pullLever', action: { lever: 'sendRequests', from: 'outside', url: 'http://172.18.0.3:30999/', count: 3 } }),
  ).toEqual({ kind: 'lever', text: '3 × connection refused from 172.18.0.3' });
  expect(lab.takeDelta()?.hops).toHaveLength(3);
  expect(await lab.execute({ type: 'pullLever', action: { lever: 'powerOffNode', node: 'nope' } })).toMatchObject({ kind: 'refused' });
});
