import { expect, test } from 'vitest';
import { Cluster } from './cluster.ts';
import { applyManifests } from './shell/kubectl/apply.ts';
import { decodePlain } from './sim/plain.ts';

/** Types a script on the student's workstation and gives what it printed. */
function type(cluster: Cluster, script: string): string {
  return cluster.terminals.run(script, (ms) => cluster.advance(ms)).output;
}

const web = `
kubectl create deployment web --image=nginx:1.27 --replicas=3
kubectl rollout status deployment/web --timeout=120s
kubectl expose deployment web --port=80 --type=NodePort
`;

test('[CLUSTER-1] a cluster boots from powered-off machines to all system pods Ready', () => {
  const cluster = Cluster.create({ seed: 1 });
  expect(cluster.isSettled).toBe(true);
  expect(type(cluster, "kubectl get pods -A --no-headers | awk '{print $3, $4}' | sort | uniq -c")).toBe('     12 1/1 Running\n');
  expect(type(cluster, "kubectl get nodes --no-headers | awk '{print $2}' | uniq -c")).toBe('      3 Ready\n');
});

test('[CLUSTER-2] a Deployment behind a Service answers from inside and outside', () => {
  const cluster = Cluster.create({ seed: 2 });
  expect(type(cluster, web)).toContain('deployment "web" successfully rolled out');
  cluster.settle(60_000);
  expect(
    type(
      cluster,
      "curl -s -o /dev/null -w '%{http_code}\\n' http://172.18.0.3:$(kubectl get svc web -o jsonpath='{.spec.ports[0].nodePort}')/",
    ),
  ).toBe('200\n');
  expect(type(cluster, 'kubectl run probe --image=busybox --restart=Never --rm -i -q -- wget -qO- http://web')).toContain('nginx');
});

test('[CLUSTER-3] an idle cluster has no due events', () => {
  const cluster = Cluster.create({ seed: 3 });
  type(cluster, web);
  cluster.settle(60_000);
  expect(cluster.nextDueMs).toBeUndefined();
  expect(cluster.advance(3_600_000)).toBe(0);
});

test('[CLUSTER-4] the same seed and inputs give the same history', () => {
  const run = (): string => {
    const cluster = Cluster.create({ seed: 4 });
    type(cluster, web);
    cluster.powerOffNode('node-1');
    cluster.advance(400_000);
    return cluster.historyHash;
  };
  expect(run()).toBe(run());
});

test('[CLUSTER-5] going on from a snapshot or a fork ends in the same bytes', () => {
  const cluster = Cluster.create({ seed: 5 });
  type(cluster, 'kubectl create deployment web --image=nginx:1.27 --replicas=5');
  // In the middle of pulls and starts.
  cluster.advance(700);
  const restored = Cluster.restore(cluster.snapshot());
  const fork = cluster.fork();
  for (const one of [cluster, restored, fork]) {
    one.stopComponent('kube-scheduler');
    type(one, 'kubectl scale deployment web --replicas=8');
    one.advance(20_000);
    one.startComponent('kube-scheduler');
    one.powerOffNode('node-2');
    one.advance(500_000);
  }
  expect(restored.historyHash).toBe(cluster.historyHash);
  expect(fork.historyHash).toBe(cluster.historyHash);
  // Which equal parts are shared is an economy, not part of the state.
  expect(decodePlain(restored.snapshot())).toEqual(decodePlain(cluster.snapshot()));
});

test('[CLUSTER-6] with the scheduler stopped a new pod stays Pending and old ones answer; started again, it runs', () => {
  const cluster = Cluster.create({ seed: 6 });
  type(cluster, web);
  cluster.stopComponent('kube-scheduler');
  cluster.advance(60_000);
  type(cluster, 'kubectl run late --image=nginx:1.27');
  cluster.advance(60_000);
  expect(type(cluster, 'kubectl get pod late --no-headers')).toMatch(/^late +0\/1 +Pending/);
  expect(cluster.components().find(({ name }) => name === 'kube-scheduler')?.health).toBe('stopped');
  cluster.startComponent('kube-scheduler');
  cluster.advance(60_000);
  expect(type(cluster, 'kubectl get pod late --no-headers')).toMatch(/^late +1\/1 +Running/);
});

test('[CLUSTER-7] with etcd stopped the API answers nothing, and containers run on', () => {
  const cluster = Cluster.create({ seed: 7 });
  type(cluster, web);
  const port = type(cluster, "kubectl get svc web -o jsonpath='{.spec.ports[0].nodePort}'");
  cluster.settle(60_000);
  cluster.stopComponent('etcd');
  cluster.advance(60_000);
  expect(type(cluster, 'kubectl get pods; echo $?')).toMatch(/1\n$/);
  expect(type(cluster, `curl -s -o /dev/null -w '%{http_code}' http://172.18.0.3:${port}/`)).toBe('200');
  cluster.startComponent('etcd');
  cluster.advance(120_000);
  expect(type(cluster, 'kubectl get deploy web --no-headers')).toMatch(/^web +3\/3/);
});

test('[CLUSTER-8] the kubelet restarts a killed container in the same pod', () => {
  const cluster = Cluster.create({ seed: 8 });
  type(cluster, web);
  const name = type(cluster, "kubectl get pods -l app=web -o jsonpath='{.items[0].metadata.name}'");
  expect(cluster.killContainer('default', name, 'nginx')).toBe(true);
  cluster.advance(30_000);
  expect(type(cluster, `kubectl get pod ${name} --no-headers`)).toMatch(/1\/1 +Running +1 \(/);
});

test('[CLUSTER-9] pods of a lost node are replaced on others after the toleration of five minutes', () => {
  const cluster = Cluster.create({ seed: 9 });
  type(cluster, web);
  cluster.powerOffNode('node-1');
  cluster.advance(60_000);
  expect(type(cluster, 'kubectl get node node-1 --no-headers')).toMatch(/NotReady/);
  cluster.advance(330_000);
  const running = type(cluster, "kubectl get pods -l app=web -o wide --no-headers | grep Running | awk '{print $7}' | sort -u");
  expect(running).toBe('node-2\n');
  cluster.powerOnNode('node-1');
  cluster.advance(120_000);
  expect(type(cluster, 'kubectl get node node-1 --no-headers')).toMatch(/ Ready/);
});

test('[CLUSTER-10] why() leads from a Service without endpoints to the label that is nearest', () => {
  const cluster = Cluster.create({ seed: 10 });
  type(cluster, web);
  type(cluster, `kubectl patch service web -p '{"spec":{"selector":{"app":"wep"}}}'`);
  cluster.settle(60_000);
  const { links } = cluster.why({ apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' });
  expect(links[0]?.text).toMatch(/app=wep matches 0 of 3 pods/);
  expect(links.map(({ text }) => text).join(' ')).toMatch(/app=web/);
});

test('[CLUSTER-11] the trace leads from a container start back to the person who asked', () => {
  const cluster = Cluster.create({ seed: 11 });
  type(cluster, web);
  const name = type(cluster, "kubectl get pods -l app=web -o jsonpath='{.items[0].metadata.name}'");
  const { trace } = cluster.why({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name });
  const actors = [...new Set(trace.map(({ actor }) => actor.split('/')[0]))];
  expect(actors).toEqual(expect.arrayContaining(['you', 'deployment-controller', 'replicaset-controller', 'kube-scheduler', 'kubelet']));
});

test('[CLUSTER-11] what a person asks for has no cause before it, however long their script has run', () => {
  const cluster = Cluster.create({ seed: 12 });
  const sinceEntry = cluster.trace.nextId;
  type(cluster, `${web}sleep 5\nkubectl scale deployment web --replicas=4`);
  applyManifests(cluster.terminals.host, 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n', {
    namespace: 'default',
    source: 'c.yaml',
  });
  const mine = cluster.trace.state.entries.filter(({ id, actor }) => id >= sinceEntry && actor === 'you');
  expect(mine.map(({ verb, because }) => ({ verb, because }))).toEqual([
    { verb: 'create', because: 0 },
    { verb: 'create', because: 0 },
    { verb: 'update', because: 0 },
    { verb: 'create', because: 0 },
  ]);
});

test('[CLUSTER-5] a snapshot keeps the order of watches of processes that were restarted before', () => {
  const cluster = Cluster.create({ seed: 12 });
  cluster.stopComponent('kube-scheduler');
  cluster.stopComponent('kubelet', 'node-1');
  cluster.advance(30_000);
  cluster.startComponent('kubelet', 'node-1');
  cluster.startComponent('kube-scheduler');
  cluster.settle(120_000);
  const restored = Cluster.restore(cluster.snapshot());
  for (const one of [cluster, restored]) {
    type(one, web);
    one.settle(120_000);
  }
  expect(restored.historyHash).toBe(cluster.historyHash);
  expect(restored.trace.state.entries.map(({ id, because }) => [id, because])).toEqual(
    cluster.trace.state.entries.map(({ id, because }) => [id, because]),
  );
});

test('[SCHED-18] a node that gets a label takes pods that ask for it', () => {
  const cluster = Cluster.create({ seed: 13 });
  const manifest =
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: west\nspec:\n  nodeSelector:\n    coast: west\n  containers:\n    - name: web\n      image: nginx:1.27\n';
  applyManifests(cluster.terminals.host, manifest, { namespace: 'default', source: 'west.yaml' });
  expect(type(cluster, 'sleep 10; kubectl label node node-1 coast=west; sleep 30; kubectl get pod west')).toMatch(/west +1\/1 +Running/);
});

test('[CLUSTER-11] each pod is scheduled because of its own creation, not of the pod tried before it', () => {
  const cluster = Cluster.create({ seed: 13 });
  type(cluster, web);
  const { entries } = cluster.trace.state;
  const tries = entries.filter(({ actor, verb, about }) => actor === 'kube-scheduler' && verb === 'step' && about?.name.startsWith('web-'));
  expect(tries).toHaveLength(3);
  for (const { because, about } of tries) {
    const cause = cluster.trace.find(because);
    expect({ verb: cause?.verb, name: cause?.about?.name }).toEqual({ verb: 'create', name: about?.name });
  }
});
