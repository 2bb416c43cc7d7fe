import { expect, test } from 'vitest';
import type { CoreState } from '../cluster-core.ts';
import { deployment } from '../kinds/apps/deployment.ts';
import { node } from '../kinds/core/node.ts';
import { service } from '../kinds/core/service.ts';
import { builtInKinds } from '../kinds/registry.ts';
import { scheduler } from '../scheduler/scheduler.ts';
import { decodePlain, encodePlain } from '../sim/plain.ts';
import { createCore, type TestCore } from '../testing/index.ts';
import { builtInControllers } from './registry.ts';

function run(core: TestCore): TestCore {
  const facts = {
    kinds: builtInKinds,
    heartbeats: core.core.heartbeats,
    podNetwork: { clusterCidr: '10.244.0.0/16' },
    rootCertificate: 'PEM',
  };
  core.runControllers(...(builtInControllers(facts) as never[]));
  core.run(scheduler({ node: 'node-1' }));
  return core;
}

/** Ten seconds of a rollout, from whatever moment it has reached. */
function goOn(core: TestCore): string {
  core.advance(10_000);
  core.client.modify(deployment, 'default', 'web', (draft) => {
    if (draft.spec) draft.spec.replicas = 7;
  });
  core.advance(120_000);
  return JSON.stringify(core.core.store.range('/registry/'));
}

test('[CTRL-1] controllers and scheduler go on from a written-down state as if nothing had happened', () => {
  const core = run(createCore({ seed: 7 }));
  core.core.state.latency = 'realistic';
  core.settle();
  for (const name of ['node-1', 'node-2']) {
    core.client.create(node, { metadata: { name, labels: { 'kubernetes.io/hostname': name } } });
    core.core.heartbeats.keepAlive(`kube-node-lease/${name}`);
    core.client.modify(
      node,
      '',
      name,
      (draft) => {
        draft.status = { allocatable: { cpu: '2', memory: '4Gi', pods: '10' }, conditions: [{ type: 'Ready', status: 'True' }] };
      },
      'status',
    );
  }
  core.settle();
  const labels = { app: 'web' };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '700m' } } }] },
  };
  core.client.create(service, { metadata: { name: 'web', namespace: 'default' }, spec: { selector: labels, ports: [{ port: 80 }] } });
  core.client.create(deployment, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 5, selector: { matchLabels: labels }, template },
  });
  // In the middle of it: some pods are bound, some wait, one fits nowhere.
  core.advance(85);
  const written = encodePlain(core.core.state);
  const restored = run(createCore({ state: decodePlain(written) as CoreState }));
  expect(goOn(restored)).toBe(goOn(core));
});
