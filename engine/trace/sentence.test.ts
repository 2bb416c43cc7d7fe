import { expect, test } from 'vitest';
import { pod } from '../kinds/core/pod.ts';
import { serviceAccount } from '../kinds/core/service-account.ts';
import { createCore } from '../testing/create-core.ts';
import { describeStep } from './sentence.ts';

const about = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web-1' };
const deployment = { ...about, apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

test.each([
  [{ verb: 'step', text: 'pulled image nginx:1.27', about }, 'pulled image nginx:1.27'],
  [{ verb: 'create', text: '', about }, 'created Pod web-1'],
  [{ verb: 'create', text: 'for ReplicaSet web-5d9c', about }, 'created Pod web-1 for ReplicaSet web-5d9c'],
  [{ verb: 'update', text: 'binding node-1', about }, 'bound Pod web-1 to node-1'],
  [{ verb: 'update', text: 'status Running', about }, 'reported Pod web-1 as Running'],
  [{ verb: 'update', text: 'status Running, not ready', about }, 'reported Pod web-1 as Running, not ready'],
  [{ verb: 'patch', text: 'status', about: { ...about, kind: 'Service', name: 'web' } }, 'reported the status of Service web'],
  [{ verb: 'update', text: 'status 2/3', about: deployment }, 'counted 2 of 3 replicas ready in Deployment web'],
  [{ verb: 'update', text: 'replicas 3 4', about: deployment }, 'scaled Deployment web from 3 to 4'],
  [{ verb: 'update', text: 'spec', about: deployment }, 'changed the spec of Deployment web'],
  [{ verb: 'patch', text: '', about: deployment }, 'changed Deployment web'],
  [{ verb: 'delete', text: 'marked for deletion', about }, 'marked Pod web-1 for deletion'],
  [{ verb: 'delete', text: '', about }, 'deleted Pod web-1'],
])('[TRACE-6] %j', (entry, sentence) => expect(describeStep(entry)).toBe(sentence));

test('[TRACE-6] what a write came to is told as it was then, whatever the object has become since', () => {
  const { core, client } = createCore();
  client.create(serviceAccount, { metadata: { name: 'default', namespace: 'default' } });
  client.create(pod, {
    metadata: { name: 'web-1', namespace: 'default' },
    spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] },
  });
  client.createSubresource(pod, 'default', 'web-1', 'binding', {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: 'web-1' },
    target: { kind: 'Node', name: 'node-1' },
  });
  client.remove(pod, 'default', 'web-1', { gracePeriodSeconds: 0 });
  expect(core.trace.about(about).map(describeStep)).toEqual(['created Pod web-1', 'bound Pod web-1 to node-1', 'deleted Pod web-1']);
});
