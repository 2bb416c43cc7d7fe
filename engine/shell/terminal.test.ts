import { expect, test } from 'vitest';
import { Cluster } from '../cluster.ts';
import { complete } from './complete.ts';
import { shellState } from './shell-state.ts';

interface Screen {
  readonly cluster: Cluster;
  type(data: string): void;
  /** What was printed since the last call, without control sequences. */
  read(): string;
}

function open(cluster = Cluster.create({ seed: 1, latency: 'instant' })): Screen {
  let output = '';
  cluster.terminals.listen({ onOutput: (_id, text) => (output += text), onFileChange() {} });
  cluster.terminals.open('t1', 80, 24);
  return {
    cluster,
    type: (data) => cluster.terminals.input('t1', data),
    read() {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals speak in control sequences.
      const text = output.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r', '');
      output = '';
      return text;
    },
  };
}

test('[SHELL-8] a terminal shows a prompt, runs lines and keeps their history', () => {
  const { type, read } = open();
  expect(read()).toMatch(/\$ $/);
  type('echo hello\r');
  expect(read()).toMatch(/hello\n.*\$ $/);
  type('\u001b[A');
  expect(read()).toMatch(/\$ echo hello$/);
});

test('[SHELL-8] Ctrl-C ends what runs, and the next line works', () => {
  const { cluster, type, read } = open();
  type('sleep 1000\r');
  cluster.advance(1000);
  read();
  type('\u0003');
  type('echo $?\r');
  expect(read()).toMatch(/\^C[\s\S]*130\n/);
});

test('[SHELL-8] a watch goes on while the clock does', () => {
  const { cluster, type, read } = open();
  type('kubectl get pods -w\r');
  cluster
    .client()
    .create(
      cluster.api.kinds.findName('pods') as never,
      { metadata: { name: 'x', namespace: 'default' }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } } as never,
    );
  cluster.advance(30_000);
  expect(read()).toMatch(/NAME +READY +STATUS[\s\S]*\nx +0\/1 +Pending[\s\S]*\nx +1\/1 +Running/);
});

test('[SHELL-8] a terminal outlives a snapshot', () => {
  const { cluster, type } = open();
  type('x=42\r');
  const again = open(Cluster.restore(cluster.snapshot()));
  again.read();
  again.type('echo "x is $x"\r');
  expect(again.read()).toContain('x is 42\n');
});

test.each([
  ['kube', ['kubectl']],
  ['kubectl desc', ['describe']],
  ['kubectl get deploy', ['deployment', 'deployments']],
  ['kubectl get nodes node', ['node-1', 'node-2']],
  ['kubectl get pods -n kube-sys', ['kube-system']],
  ['kubectl get pods --show', ['--show-kind', '--show-labels']],
  ['kubectl rollout st', ['status']],
  ['k get ns defa', ['default']],
  ['kubectl apply -f ma', ['manifests/']],
  ['cat /ho', ['/home/']],
])('[SHELL-9] "%s" completes to %j', (text, choices) => {
  const cluster = Cluster.create({ seed: 1, latency: 'instant' });
  cluster.terminals.files.makeDirectory('/home/student/manifests');
  const state = shellState({ cwd: '/home/student', env: {} });
  state.aliases.set('k', 'kubectl');
  expect(complete(text, cluster.terminals.host, state).choices).toEqual(choices);
});

test('[SHELL-9] without an API server nothing is offered, and nothing fails', () => {
  const cluster = Cluster.create({ seed: 1, latency: 'instant' });
  cluster.stopComponent('kube-apiserver');
  cluster.advance(60_000);
  expect(complete('kubectl get pods w', cluster.terminals.host, shellState({ cwd: '/', env: {} })).choices).toEqual([]);
});
