import { expect, test } from 'vitest';
import { createNodes, type TestNodes } from '../../kubelet/node.case.ts';

function run(script: string): { readonly nodes: TestNodes; readonly stdout: string; readonly stderr: string; readonly exitCode: number } {
  const nodes = createNodes();
  nodes.createPod('box', {
    containers: [{ name: 'box', image: 'busybox:1.36', command: ['sleep', '100000'], env: [{ name: 'FIRST', value: 'Ada' }] }],
  });
  nodes.settle();
  const result = nodes.nodes[0]?.runtime.exec(nodes.containerId('box'), ['sh', '-c', script]);
  return { nodes, stdout: result?.stdout ?? '', stderr: result?.stderr ?? '', exitCode: result?.exitCode ?? -1 };
}

test.each([
  { script: 'echo one; false || echo two && echo three', stdout: 'one\ntwo\nthree\n' },
  { script: 'for i in 1 2 3; do echo "n$i"; done', stdout: 'n1\nn2\nn3\n' },
  { script: 'i=0; while [ $i -lt 3 ]; do i=$((i+1)); if [ $i -eq 2 ]; then continue; fi; echo $i; done', stdout: '1\n3\n' },
  { script: 'if test -f /none; then echo yes; elif [ "$FIRST" = Ada ]; then echo "hi $FIRST"; else echo no; fi', stdout: 'hi Ada\n' },
  { script: `echo '$FIRST' "\${MISSING:-none}" $(echo sub)`, stdout: '$FIRST none sub\n' },
  { script: 'echo a b > /tmp/x; echo c >> /tmp/x; cat /tmp/x | wc -l', stdout: '2\n' },
  { script: 'printf "a\\nb\\na\\n" | grep -c a', stdout: '2\n' },
  { script: 'until [ -f /tmp/ready ]; do touch /tmp/ready; done; ls /tmp', stdout: 'ready\n' },
  { script: '! false; echo $?; (exit 3); echo $?', stdout: '0\n' },
])('[IMAGES-1] sh runs: $script', ({ script, stdout }) => {
  expect(run(script).stdout).toBe(stdout);
});

test('[IMAGES-1] exit codes, unknown commands and broken scripts are reported as sh does', () => {
  expect(run('exit 4')).toMatchObject({ exitCode: 4 });
  expect(run('nope')).toMatchObject({ exitCode: 127, stderr: 'sh: nope: not found\n' });
  expect(run('if true; then')).toMatchObject({ exitCode: 2, stderr: 'sh: syntax error: unexpected end of file\n' });
  expect(run('set -e; false; echo never')).toMatchObject({ exitCode: 1, stdout: '' });
});

test('[IMAGES-1] sleeping in exec takes time from who waits, not from the cluster', () => {
  const { nodes } = run('true');
  const before = nodes.core.sim.now;
  expect(nodes.nodes[0]?.runtime.exec(nodes.containerId('box'), ['sh', '-c', 'sleep 7; echo done'])).toEqual({
    stdout: 'done\n',
    stderr: '',
    exitCode: 0,
    tookMs: 7000,
  });
  expect(nodes.core.sim.now).toBe(before);
});

test('[IMAGES-2] a script as main process lives on the virtual clock', () => {
  const nodes = createNodes();
  nodes.createPod('loop', {
    containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'while true; do date +%T; sleep 5; done'] }],
  });
  nodes.advance(12_000);
  expect(nodes.nodes[0]?.runtime.logs(nodes.containerId('loop')).map(({ text }) => text)).toEqual(['09:00:00', '09:00:05', '09:00:10']);
});

test('[IMAGES-2] a loop that never sleeps does not hold up the cluster', () => {
  const nodes = createNodes();
  nodes.createPod('busy', { containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', 'while true; do :; done'] }] });
  nodes.advance(2000);
  expect(nodes.getPod('busy').status?.phase).toBe('Running');
});

test("[IMAGES-2] a script may start the image's own program in the foreground", () => {
  const nodes = createNodes();
  nodes.createPod('web', {
    containers: [
      {
        name: 'c',
        image: 'nginx:1.27',
        command: ['sh', '-c', 'echo hello > /usr/share/nginx/html/index.html && exec nginx -g "daemon off;"'],
      },
    ],
  });
  nodes.settle();
  const { outcome } = nodes.network.request({
    from: { kind: 'node', node: 'node-1' },
    host: nodes.getPod('web').status?.podIP ?? '',
    port: 80,
    exchange: { kind: 'http', method: 'GET', path: '/', headers: {}, body: '' },
  });
  expect(outcome).toMatchObject({ kind: 'http', response: { status: 200, body: 'hello\n', headers: { Server: 'nginx/1.27.5' } } });
});

test('[IMAGES-2] a shell without a script and a terminal ends at once', () => {
  const nodes = createNodes();
  nodes.createPod('box', { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] });
  nodes.settle();
  expect(nodes.getPod('box').status?.phase).toBe('Succeeded');
});
