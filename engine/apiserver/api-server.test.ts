import { expect, test } from 'vitest';
import { deployment } from '../kinds/apps/deployment.ts';
import { configMap } from '../kinds/core/config-map.ts';
import { event } from '../kinds/core/event.ts';
import { namespace } from '../kinds/core/namespace.ts';
import { node } from '../kinds/core/node.ts';
import { type Pod, pod } from '../kinds/core/pod.ts';
import { secret } from '../kinds/core/secret.ts';
import { type Service, service } from '../kinds/core/service.ts';
import { serviceAccount } from '../kinds/core/service-account.ts';
import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import type { Status } from '../schema/api-error.ts';
import { createCore, type TestCore } from '../testing/create-core.ts';
import type { ApiRequest, ApiResponse, ObjectList, RequestOptions } from './request.ts';
import { printTable } from './table.ts';

interface Ask {
  readonly verb: ApiRequest['verb'];
  readonly kind: AnyKind;
  readonly name?: string;
  readonly namespace?: string;
  readonly subresource?: string;
  readonly body?: unknown;
  readonly options?: RequestOptions;
}

function ask({ core }: TestCore, { name = '', namespace: home, options = {}, ...rest }: Ask): ApiResponse {
  const user = { name: 'tester', groups: ['system:masters'] };
  return core.api.handle({ name, namespace: home ?? (rest.kind.namespaced ? 'default' : ''), options, user, ...rest });
}

/** The object, or the refusal's text. */
function result(cluster: TestCore, request: Ask): ApiObject & Record<string, unknown> {
  return ask(cluster, request).body as ApiObject & Record<string, unknown>;
}

function refusal(cluster: TestCore, request: Ask): string {
  const { code, body } = ask(cluster, request);
  return `${code} ${(body as Status).reason ?? ''}: ${(body as Status).message ?? ''}`;
}

function start(): TestCore {
  const cluster = createCore();
  cluster.client.create(serviceAccount, { metadata: { name: 'default', namespace: 'default' } });
  return cluster;
}

const map = (name: string, data: Readonly<Record<string, string>> = {}, metadata: object = {}): object => ({
  metadata: { name, ...metadata },
  data,
});
const aPod = (name: string, spec: object = {}, metadata: object = {}): object => ({
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'main', image: 'nginx' }], ...spec },
});
const web = (spec: object = {}): object => ({
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    ...spec,
  },
});

test('[API-1] a created object gets uid, revision, creation time and defaults', () => {
  const cluster = start();
  const { code, body } = ask(cluster, { verb: 'create', kind: deployment, body: web() });
  expect(code).toBe(201);
  expect(body).toMatchObject({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      namespace: 'default',
      generation: 1,
      creationTimestamp: '2026-01-05T09:00:00Z',
      resourceVersion: String(cluster.core.store.revision),
    },
    spec: {
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: { spec: { restartPolicy: 'Always' } },
    },
  });
  expect((body as ApiObject).metadata?.uid).toMatch(/^[\da-f-]{36}$/);
});

test.each([
  ['an absent object', { verb: 'get', kind: deployment, name: 'web' }, '404 NotFound: deployments.apps "web" not found'],
  ['an absent object of the core group', { verb: 'get', kind: pod, name: 'web' }, '404 NotFound: pods "web" not found'],
  [
    'a name that is taken',
    { verb: 'create', kind: namespace, body: { metadata: { name: 'default' } } },
    '409 AlreadyExists: namespaces "default" already exists',
  ],
  [
    'an absent namespace',
    { verb: 'create', kind: configMap, namespace: 'nowhere', body: map('a') },
    '404 NotFound: namespaces "nowhere" not found',
  ],
  [
    'another namespace in the body',
    { verb: 'create', kind: configMap, body: map('a', {}, { namespace: 'other' }) },
    '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
  ],
  [
    'another kind in the body',
    { verb: 'create', kind: pod, body: { apiVersion: 'apps/v1', kind: 'Deployment' } },
    '400 BadRequest: the API version in the data (apps/v1) does not match the expected API version (v1)',
  ],
  [
    'a subresource that is not there',
    { verb: 'get', kind: configMap, name: 'a', subresource: 'log' },
    '404 NotFound: the server could not find the requested resource',
  ],
  [
    'a foreign method',
    { verb: 'delete', kind: deployment, name: 'web', subresource: 'scale' },
    '404 NotFound: deployments.apps "web" not found',
  ],
  [
    'no name',
    { verb: 'create', kind: configMap, body: { metadata: {} } },
    '422 Invalid: ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
  ],
  [
    'a namespace that must stay',
    { verb: 'delete', kind: namespace, name: 'kube-system' },
    '403 Forbidden: namespaces "kube-system" is forbidden: this namespace may not be deleted',
  ],
] as const)('[API-2] %s is refused in upstream words', (_name, request, words) => {
  expect(refusal(start(), request)).toBe(words);
});

test('[API-2] every wrong field is named in one refusal, with causes', () => {
  const { body } = ask(start(), {
    verb: 'create',
    kind: pod,
    body: { metadata: { name: 'Bad_Name' }, spec: { containers: [{ name: 'a' }, { name: 'a', image: 'x' }], restartPolicy: 'Sometimes' } },
  });
  const { message, details } = body as Status;
  expect(details?.causes?.map(({ reason, field }) => `${reason} ${field}`)).toEqual([
    'FieldValueInvalid metadata.name',
    'FieldValueRequired spec.containers[0].image',
    'FieldValueDuplicate spec.containers[1].name',
    'FieldValueNotSupported spec.restartPolicy',
  ]);
  expect(message).toMatch(
    /^Pod "Bad_Name" is invalid: \[metadata\.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of/,
  );
  expect(message).toContain('spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"]');
});

test('[API-3] unknown fields are refused, warned about or dropped as the client asks', () => {
  const cluster = start();
  const body = { ...map('a'), dta: { x: '1' } };
  const words = 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta"';
  expect(refusal(cluster, { verb: 'create', kind: configMap, body, options: { fieldValidation: 'Strict' } })).toBe(
    `400 BadRequest: ${words}`,
  );
  expect(ask(cluster, { verb: 'create', kind: configMap, body }).warnings).toEqual(['unknown field "dta"']);
  expect(ask(cluster, { verb: 'update', kind: configMap, name: 'a', body, options: { fieldValidation: 'Ignore' } }).warnings).toEqual([]);
  expect(result(cluster, { verb: 'get', kind: configMap, name: 'a' })).not.toHaveProperty('dta');
});

test('[API-4] an update with an old resourceVersion is a conflict, one without goes through', () => {
  const cluster = start();
  const first = result(cluster, { verb: 'create', kind: configMap, body: map('a', { x: '1' }) });
  result(cluster, { verb: 'update', kind: configMap, name: 'a', body: map('a', { x: '2' }) });
  const stale = { ...first, data: { x: '3' } };
  expect(refusal(cluster, { verb: 'update', kind: configMap, name: 'a', body: stale })).toBe(
    '409 Conflict: Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
  );
  expect(result(cluster, { verb: 'get', kind: configMap, name: 'a' })['data']).toEqual({ x: '2' });
  expect(refusal(cluster, { verb: 'update', kind: configMap, name: 'a', body: map('a', {}, { uid: 'other' }) })).toMatch(
    /^409 Conflict: .*Precondition failed: UID in precondition: other, UID in object meta: /,
  );
  expect(refusal(cluster, { verb: 'update', kind: configMap, name: 'a', body: map('b') })).toBe(
    '400 BadRequest: the name of the object (b) does not match the name on the URL (a)',
  );
});

test('[API-4] a patch is conditional only when it names a resourceVersion itself', () => {
  const cluster = start();
  const first = result(cluster, { verb: 'create', kind: configMap, body: map('a', { x: '1' }) });
  const patch = (metadata: object): string =>
    refusal(cluster, {
      verb: 'patch',
      kind: configMap,
      name: 'a',
      body: { metadata, data: { x: String(metadata) } },
      options: { patchType: 'merge' },
    }).slice(0, 12);
  expect(patch({ labels: { a: 'b' } })).toBe('200 : ');
  expect(patch({ resourceVersion: first.metadata?.resourceVersion })).toBe('409 Conflict');
});

test('[API-5] an update that changes nothing is not written', () => {
  const cluster = start();
  const first = result(cluster, { verb: 'create', kind: deployment, body: web() });
  const { revision } = cluster.core.store;
  expect(result(cluster, { verb: 'update', kind: deployment, name: 'web', body: first })).toBe(
    result(cluster, { verb: 'get', kind: deployment, name: 'web' }),
  );
  expect(result(cluster, { verb: 'update', kind: deployment, name: 'web', body: web() }).metadata?.resourceVersion).toBe(
    first.metadata?.resourceVersion,
  );
  expect(cluster.core.store.revision).toBe(revision);
});

test('[API-6] generation counts changes of the spec, not of labels or status', () => {
  const cluster = start();
  const generation = (object: ApiObject): number | undefined => object.metadata?.generation;
  result(cluster, { verb: 'create', kind: deployment, body: web() });
  const patch = (body: object, subresource?: string): ApiObject =>
    result(cluster, {
      verb: 'patch',
      kind: deployment,
      name: 'web',
      body,
      options: { patchType: 'merge' },
      ...(subresource && { subresource }),
    });
  expect(generation(patch({ metadata: { labels: { x: 'y' } } }))).toBe(1);
  expect(generation(patch({ spec: { replicas: 2 } }))).toBe(2);
  expect(generation(patch({ status: { replicas: 9 } }, 'status'))).toBe(2);
  expect(generation(patch({ metadata: { generation: 77 } }))).toBe(2);
});

test('[API-7] the status subresource changes nothing but the status, and the object nothing but the rest', () => {
  const cluster = start();
  result(cluster, { verb: 'create', kind: deployment, body: { ...web({ replicas: 1 }), status: { replicas: 5 } } });
  expect(result(cluster, { verb: 'get', kind: deployment, name: 'web' })['status']).toEqual({});
  result(cluster, {
    verb: 'update',
    kind: deployment,
    name: 'web',
    subresource: 'status',
    body: { ...web({ replicas: 9 }), status: { replicas: 5 } },
  });
  result(cluster, { verb: 'update', kind: deployment, name: 'web', body: { ...web({ replicas: 2 }), status: { replicas: 7 } } });
  expect(result(cluster, { verb: 'get', kind: deployment, name: 'web' })).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 5 } });
});

test('[API-7] writing the status that is there changes nothing', () => {
  const cluster = start();
  result(cluster, { verb: 'create', kind: deployment, body: web() });
  result(cluster, {
    verb: 'patch',
    kind: deployment,
    name: 'web',
    subresource: 'status',
    body: { status: { replicas: 5 } },
    options: { patchType: 'merge' },
  });
  const { revision } = cluster.core.store;
  const stored = result(cluster, { verb: 'get', kind: deployment, name: 'web' });
  expect(result(cluster, { verb: 'update', kind: deployment, name: 'web', subresource: 'status', body: { ...stored } })['status']).toEqual({
    replicas: 5,
  });
  expect(cluster.core.store.revision).toBe(revision);
});

test('[API-7] scale reads and writes the replicas', () => {
  const cluster = start();
  result(cluster, { verb: 'create', kind: deployment, body: web({ replicas: 3 }) });
  const scale = result(cluster, { verb: 'get', kind: deployment, name: 'web', subresource: 'scale' });
  expect(scale).toMatchObject({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    spec: { replicas: 3 },
    status: { replicas: 0, selector: 'app=web' },
  });
  result(cluster, { verb: 'update', kind: deployment, name: 'web', subresource: 'scale', body: { ...scale, spec: { replicas: 5 } } });
  expect(result(cluster, { verb: 'get', kind: deployment, name: 'web' })).toMatchObject({
    spec: { replicas: 5 },
    metadata: { generation: 2 },
  });
  expect(refusal(cluster, { verb: 'update', kind: deployment, name: 'web', subresource: 'scale', body: scale })).toMatch(/^409 Conflict/);
  expect(refusal(cluster, { verb: 'delete', kind: deployment, name: 'web', subresource: 'scale' })).toBe(
    '405 MethodNotAllowed: the server does not allow this method on the requested resource',
  );
});

test('[API-8] generateName adds a suffix of five', () => {
  const cluster = start();
  const names = [1, 2, 3].map(
    () => result(cluster, { verb: 'create', kind: configMap, body: { metadata: { generateName: 'web-' } } }).metadata?.name,
  );
  for (const name of names) expect(name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  expect(new Set(names).size).toBe(3);
  const long = result(cluster, { verb: 'create', kind: configMap, body: { metadata: { generateName: 'x'.repeat(200) } } });
  expect(long.metadata?.name).toHaveLength(63);
});

test('[API-9] what the system keeps in metadata cannot be changed by an update', () => {
  const cluster = start();
  const first = result(cluster, { verb: 'create', kind: configMap, body: map('a') });
  const changed = result(cluster, {
    verb: 'update',
    kind: configMap,
    name: 'a',
    body: map(
      'a',
      {},
      { creationTimestamp: '2020-01-01T00:00:00Z', generation: 9, deletionTimestamp: '2020-01-01T00:00:00Z', labels: { a: 'b' } },
    ),
  });
  expect(changed.metadata).toEqual({ ...first.metadata, labels: { a: 'b' }, resourceVersion: changed.metadata?.resourceVersion });
});

test('[API-10] deleting answers with a Status and the object is gone', () => {
  const cluster = start();
  const { metadata } = result(cluster, { verb: 'create', kind: deployment, body: web() });
  expect(result(cluster, { verb: 'delete', kind: deployment, name: 'web' })).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    code: 200,
    details: { name: 'web', group: 'apps', kind: 'deployments', uid: metadata?.uid },
  });
  expect(ask(cluster, { verb: 'get', kind: deployment, name: 'web' }).code).toBe(404);
});

test('[API-11] finalizers hold a deleted object until the last one is taken off', () => {
  const cluster = start();
  result(cluster, { verb: 'create', kind: configMap, body: map('a', {}, { finalizers: ['example.com/one', 'example.com/two'] }) });
  const marked = result(cluster, { verb: 'delete', kind: configMap, name: 'a' });
  expect(marked.metadata).toMatchObject({
    deletionTimestamp: '2026-01-05T09:00:00Z',
    deletionGracePeriodSeconds: 0,
    finalizers: ['example.com/one', 'example.com/two'],
  });
  const update = (finalizers: readonly string[]): ApiResponse =>
    ask(cluster, { verb: 'update', kind: configMap, name: 'a', body: map('a', {}, { finalizers }) });
  expect((update(['example.com/one', 'example.com/new']).body as Status).message).toContain(
    'no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/new"}',
  );
  expect(update(['example.com/one']).code).toBe(200);
  expect(ask(cluster, { verb: 'get', kind: configMap, name: 'a' }).code).toBe(200);
  expect(update([]).code).toBe(200);
  expect(ask(cluster, { verb: 'get', kind: configMap, name: 'a' }).code).toBe(404);
});

test('[API-12] a pod on a node is marked and lives until its kubelet deletes it without grace', () => {
  const cluster = start();
  result(cluster, { verb: 'create', kind: pod, body: aPod('web', { nodeName: 'node-1', terminationGracePeriodSeconds: 20 }) });
  expect(result(cluster, { verb: 'delete', kind: pod, name: 'web' }).metadata).toMatchObject({
    deletionTimestamp: '2026-01-05T09:00:20Z',
    deletionGracePeriodSeconds: 20,
    generation: 2,
  });
  // A second delete may shorten the time, not lengthen it.
  expect(
    result(cluster, { verb: 'delete', kind: pod, name: 'web', options: { remove: { gracePeriodSeconds: 60 } } }).metadata
      ?.deletionGracePeriodSeconds,
  ).toBe(20);
  expect(
    result(cluster, { verb: 'delete', kind: pod, name: 'web', options: { remove: { gracePeriodSeconds: 5 } } }).metadata,
  ).toMatchObject({ deletionTimestamp: '2026-01-05T09:00:05Z', deletionGracePeriodSeconds: 5 });
  result(cluster, { verb: 'delete', kind: pod, name: 'web', options: { remove: { gracePeriodSeconds: 0 } } });
  expect(ask(cluster, { verb: 'get', kind: pod, name: 'web' }).code).toBe(404);
});

test('[API-12] a pod without a node, and one that ended, go at once', () => {
  const cluster = start();
  result(cluster, { verb: 'create', kind: pod, body: aPod('unbound') });
  result(cluster, { verb: 'create', kind: pod, body: aPod('ended', { nodeName: 'node-1' }) });
  result(cluster, {
    verb: 'patch',
    kind: pod,
    name: 'ended',
    subresource: 'status',
    body: { status: { phase: 'Succeeded' } },
    options: { patchType: 'merge' },
  });
  for (const name of ['unbound', 'ended']) {
    result(cluster, { verb: 'delete', kind: pod, name });
    expect(ask(cluster, { verb: 'get', kind: pod, name }).code).toBe(404);
  }
});

test('[API-12] preconditions keep a delete from hitting another object of the name', () => {
  const cluster = start();
  result(cluster, { verb: 'create', kind: configMap, body: map('a') });
  expect(
    refusal(cluster, { verb: 'delete', kind: configMap, name: 'a', options: { remove: { preconditions: { uid: 'other' } } } }),
  ).toMatch(/^409 Conflict: .*Precondition failed: UID in precondition: other/);
  expect(
    refusal(cluster, { verb: 'delete', kind: configMap, name: 'a', options: { remove: { preconditions: { resourceVersion: '1' } } } }),
  ).toMatch(/^409 Conflict: .*Precondition failed: ResourceVersion in precondition: 1/);
});

test.each([
  ['Foreground', ['foregroundDeletion']],
  ['Orphan', ['orphan']],
] as const)('[API-13] propagation policy %s is a finalizer for the garbage collector', (propagationPolicy, finalizers) => {
  const cluster = start();
  result(cluster, { verb: 'create', kind: deployment, body: web() });
  expect(
    result(cluster, { verb: 'delete', kind: deployment, name: 'web', options: { remove: { propagationPolicy } } }).metadata?.finalizers,
  ).toEqual(finalizers);
  // Who changes their mind gets the object deleted at once.
  result(cluster, { verb: 'delete', kind: deployment, name: 'web', options: { remove: { propagationPolicy: 'Background' } } });
  expect(ask(cluster, { verb: 'get', kind: deployment, name: 'web' }).code).toBe(404);
});

test('[API-14] a namespace that is being deleted takes no new objects and goes when it is finalized', () => {
  const cluster = start();
  result(cluster, { verb: 'create', kind: namespace, body: { metadata: { name: 'team' } } });
  expect(result(cluster, { verb: 'get', kind: namespace, name: 'team' })).toMatchObject({
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
    metadata: { labels: { 'kubernetes.io/metadata.name': 'team' } },
  });
  expect(result(cluster, { verb: 'delete', kind: namespace, name: 'team' })).toMatchObject({ status: { phase: 'Terminating' } });
  expect(refusal(cluster, { verb: 'create', kind: configMap, namespace: 'team', body: map('a') })).toBe(
    '403 Forbidden: configmaps "a" is forbidden: unable to create new content in namespace team because it is being terminated',
  );
  result(cluster, {
    verb: 'update',
    kind: namespace,
    name: 'team',
    subresource: 'finalize',
    body: { metadata: { name: 'team' }, spec: { finalizers: [] } },
  });
  expect(ask(cluster, { verb: 'get', kind: namespace, name: 'team' }).code).toBe(404);
});

test('[API-15] Services get an address and node ports that nobody else has, and keep them', () => {
  const cluster = start();
  const create = (name: string, spec: object): Service =>
    result(cluster, { verb: 'create', kind: service, body: { metadata: { name }, spec } }) as Service;
  const first = create('a', { type: 'NodePort', ports: [{ port: 80 }] });
  expect(first.spec?.clusterIP).toMatch(/^10\.(9[6-9]|1[01]\d)\.\d+\.\d+$/);
  const port = first.spec?.ports?.[0]?.nodePort as number;
  expect(port >= 30_000 && port <= 32_767).toBe(true);
  expect(
    refusal(cluster, {
      verb: 'create',
      kind: service,
      body: { metadata: { name: 'b' }, spec: { type: 'NodePort', ports: [{ port: 80, nodePort: port }] } },
    }),
  ).toBe(`422 Invalid: Service "b" is invalid: spec.ports[0].nodePort: Invalid value: ${port}: provided port is already allocated`);
  expect(
    refusal(cluster, {
      verb: 'create',
      kind: service,
      body: { metadata: { name: 'b' }, spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] } },
    }),
  ).toBe(
    '422 Invalid: Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
  );
  expect(
    refusal(cluster, {
      verb: 'create',
      kind: service,
      body: { metadata: { name: 'b' }, spec: { clusterIP: first.spec?.clusterIP, ports: [{ port: 80 }] } },
    }),
  ).toMatch(/provided IP is already allocated$/);
  const updated = result(cluster, {
    verb: 'update',
    kind: service,
    name: 'a',
    body: { metadata: { name: 'a' }, spec: { type: 'NodePort', ports: [{ port: 80 }], selector: { app: 'web' } } },
  }) as Service;
  expect([updated.spec?.clusterIP, updated.spec?.ports?.[0]?.nodePort]).toEqual([first.spec?.clusterIP, port]);
  expect(
    refusal(cluster, {
      verb: 'patch',
      kind: service,
      name: 'a',
      body: { spec: { clusterIP: '10.96.0.77', clusterIPs: null } },
      options: { patchType: 'merge' },
    }),
  ).toMatch(/may not change once set$/);
  result(cluster, { verb: 'delete', kind: service, name: 'a' });
  expect(create('b', { type: 'NodePort', clusterIP: first.spec?.clusterIP, ports: [{ port: 80, nodePort: port }] }).spec?.clusterIP).toBe(
    first.spec?.clusterIP,
  );
});

test('[API-15] headless and external Services have no address', () => {
  const cluster = start();
  const create = (name: string, spec: object): Service =>
    result(cluster, { verb: 'create', kind: service, body: { metadata: { name }, spec } }) as Service;
  expect(create('headless', { clusterIP: 'None', selector: { a: 'b' } }).spec).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] });
  expect(create('external', { type: 'ExternalName', externalName: 'example.com' }).spec).not.toHaveProperty('clusterIP');
});

test.each([
  [
    'spec.selector of a Deployment',
    deployment,
    web(),
    { spec: { selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } } } } },
    /^422 Invalid: Deployment\.apps "web" is invalid: spec\.selector: Invalid value: .*: field is immutable$/,
  ],
  [
    'the containers of a pod',
    pod,
    aPod('web'),
    { spec: { containers: [{ name: 'other', image: 'x' }] } },
    /^422 Invalid: Pod "web" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers\[\*\]\.image`/,
  ],
  [
    'data of an immutable ConfigMap',
    configMap,
    { ...map('web', { a: '1' }), immutable: true },
    { data: { a: '2' } },
    /^422 Invalid: ConfigMap "web" is invalid: data: Forbidden: field is immutable when `immutable` is set$/,
  ],
  [
    'the type of a Secret',
    secret,
    { metadata: { name: 'web' }, stringData: { a: 'b' } },
    { type: 'example.com/other' },
    /^422 Invalid: Secret "web" is invalid: type: Invalid value: "example\.com\/other": field is immutable$/,
  ],
] as const)('[API-16] %s cannot be changed', (_name, kind, body, patch, words) => {
  const cluster = start();
  expect(ask(cluster, { verb: 'create', kind, body }).code).toBe(201);
  expect(refusal(cluster, { verb: 'patch', kind, name: 'web', body: patch, options: { patchType: 'merge' } })).toMatch(words);
});

test('[API-16] the image of a pod can be changed', () => {
  const cluster = start();
  result(cluster, { verb: 'create', kind: pod, body: aPod('web') });
  const patched = result(cluster, {
    verb: 'patch',
    kind: pod,
    name: 'web',
    body: { spec: { containers: [{ name: 'main', image: 'httpd' }] } },
    options: { patchType: 'strategic' },
  }) as Pod;
  expect(patched.spec?.containers[0]?.image).toBe('httpd');
});

test('[API-17] a dry run answers as the request would and leaves no trace', () => {
  const cluster = start();
  const { revision } = cluster.core.store;
  const created = ask(cluster, { verb: 'create', kind: deployment, body: web(), options: { dryRun: true } });
  expect(created).toMatchObject({ code: 201, body: { spec: { replicas: 1 } } });
  expect(refusal(cluster, { verb: 'create', kind: namespace, body: { metadata: { name: 'default' } }, options: { dryRun: true } })).toBe(
    '409 AlreadyExists: namespaces "default" already exists',
  );
  expect(ask(cluster, { verb: 'delete', kind: service, name: 'kubernetes', options: { dryRun: true } }).code).toBe(200);
  expect(ask(cluster, { verb: 'get', kind: service, name: 'kubernetes' }).code).toBe(200);
  expect(cluster.core.store.revision).toBe(revision);
});

test('[API-18] pages of a list show one moment', () => {
  const cluster = start();
  for (const name of ['a', 'b', 'c', 'd', 'e']) result(cluster, { verb: 'create', kind: configMap, body: map(name) });
  const page = (options: RequestOptions): ObjectList =>
    result(cluster, { verb: 'list', kind: configMap, options }) as unknown as ObjectList;
  const names = (list: ObjectList): readonly (string | undefined)[] => list.items.map(({ metadata }) => metadata?.name);
  const first = page({ limit: 2 });
  result(cluster, { verb: 'delete', kind: configMap, name: 'd' });
  result(cluster, { verb: 'create', kind: configMap, body: map('c2') });
  const token = (list: ObjectList): string => (list.metadata as { readonly continue?: string }).continue ?? '';
  const second = page({ limit: 2, continue: token(first) });
  const third = page({ limit: 2, continue: token(second) });
  expect([names(first), names(second), names(third), token(third)]).toEqual([['a', 'b'], ['c', 'd'], ['e'], '']);
  expect(second.metadata?.resourceVersion).toBe(first.metadata?.resourceVersion);
  cluster.core.store.compact(cluster.core.store.revision);
  expect(refusal(cluster, { verb: 'list', kind: configMap, options: { limit: 2, continue: token(first) } })).toMatch(
    /^410 Expired: The provided continue parameter is too old/,
  );
  expect(refusal(cluster, { verb: 'list', kind: configMap, options: { continue: 'nonsense' } })).toMatch(
    /^400 BadRequest: continue key is not valid/,
  );
});

test('[API-18] a list at a revision that does not exist yet is refused', () => {
  const cluster = start();
  expect(refusal(cluster, { verb: 'list', kind: configMap, options: { resourceVersion: '99999' } })).toMatch(
    /^504 Timeout: Too large resource version: 99999, current: /,
  );
  expect(refusal(cluster, { verb: 'list', kind: configMap, options: { resourceVersion: 'x' } })).toMatch(
    /^400 BadRequest: resourceVersion: Invalid value: "x"/,
  );
});

test.each([
  ['app=web', ['a', 'b']],
  ['app==web,tier!=front', ['b']],
  ['app in (web, db),tier', ['a']],
  ['app notin (web)', ['c', 'd']],
  ['!app', ['d']],
  ['app', ['a', 'b', 'c']],
  ['', ['a', 'b', 'c', 'd']],
] as const)('[API-19] labels are selected by "%s"', (labelSelector, names) => {
  const cluster = start();
  const labels = { a: { app: 'web', tier: 'front' }, b: { app: 'web' }, c: { app: 'db' }, d: {} };
  for (const [name, own] of Object.entries(labels))
    result(cluster, { verb: 'create', kind: configMap, body: map(name, {}, { labels: own }) });
  const list = result(cluster, { verb: 'list', kind: configMap, options: { labelSelector } }) as unknown as ObjectList;
  expect(list.items.map(({ metadata }) => metadata?.name)).toEqual(names);
});

test.each([
  ['app in web', "400 BadRequest: unable to parse requirement: found 'app in web', expected: !, identifier, or 'end of string'"],
  ['a b', "400 BadRequest: unable to parse requirement: found 'a b', expected: !, identifier, or 'end of string'"],
  ['-x=1', /^400 BadRequest: unable to parse requirement: <nil>: Invalid value: "-x": name part must consist of/],
])('[API-19] the selector "%s" is refused', (labelSelector, words) => {
  expect(refusal(start(), { verb: 'list', kind: pod, options: { labelSelector } })).toMatch(words);
});

test('[API-20] fields are selected where the kind knows them', () => {
  const cluster = start();
  for (const name of ['a', 'b'])
    result(cluster, { verb: 'create', kind: pod, body: aPod(name, name === 'a' ? { nodeName: 'node-1' } : {}) });
  const names = (fieldSelector: string): readonly unknown[] =>
    (result(cluster, { verb: 'list', kind: pod, options: { fieldSelector } }) as unknown as ObjectList).items.map(
      ({ metadata }) => metadata?.name,
    );
  expect([names('spec.nodeName=node-1'), names('spec.nodeName!=node-1'), names('metadata.name=b,status.phase=Pending')]).toEqual([
    ['a'],
    ['b'],
    ['b'],
  ]);
  expect(refusal(cluster, { verb: 'list', kind: pod, options: { fieldSelector: 'spec.image=x' } })).toBe(
    '400 BadRequest: field label not supported: spec.image',
  );
});

test('[API-21] a Table has the columns of kubectl get', () => {
  const cluster = start();
  const created = result(cluster, { verb: 'create', kind: pod, body: aPod('web') });
  const table = printTable(pod, [created], cluster.core.sim.now + 65_000);
  expect(table.columnDefinitions.filter(({ priority }) => priority === 0).map(({ name }) => name)).toEqual([
    'Name',
    'Ready',
    'Status',
    'Restarts',
    'Age',
  ]);
  expect(table.rows[0]?.cells.slice(0, 5)).toEqual(['web', '0/1', 'Pending', '0', '65s']);
});

test('[API-22] the admission plugins give pods their account, its token and their default tolerations', () => {
  const cluster = start();
  const { spec } = result(cluster, { verb: 'create', kind: pod, body: aPod('web') }) as Pod;
  expect(spec?.serviceAccountName).toBe('default');
  expect(spec?.volumes?.[0]).toMatchObject({ projected: { sources: [{ serviceAccountToken: { path: 'token' } }, {}, {}] } });
  expect(spec?.containers[0]?.volumeMounts?.[0]).toMatchObject({
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
    readOnly: true,
  });
  expect(spec?.tolerations).toEqual(
    ['not-ready', 'unreachable'].map((name) => ({
      key: `node.kubernetes.io/${name}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
  );
  expect(refusal(cluster, { verb: 'create', kind: pod, body: aPod('b', { serviceAccountName: 'robot' }) })).toBe(
    '403 Forbidden: pods "b" is forbidden: error looking up service account default/robot: serviceaccount "robot" not found',
  );
  expect(result(cluster, { verb: 'create', kind: node, body: { metadata: { name: 'n' } } })).toMatchObject({
    spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] },
  });
});

test('[API-23] a pod is bound once', () => {
  const cluster = start();
  result(cluster, { verb: 'create', kind: pod, body: aPod('web') });
  const bind = (name: string): Ask => ({
    verb: 'create',
    kind: pod,
    name: 'web',
    subresource: 'binding',
    body: { target: { kind: 'Node', name } },
  });
  expect(ask(cluster, bind('node-1')).code).toBe(201);
  expect(result(cluster, { verb: 'get', kind: pod, name: 'web' })).toMatchObject({
    spec: { nodeName: 'node-1' },
    status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
  });
  expect(refusal(cluster, bind('node-2'))).toBe(
    '409 Conflict: Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "node-1"',
  );
});

test('[API-24] without etcd there is no answer in time; without the server no answer at all', () => {
  const cluster = start();
  cluster.core.setStorageUp(false);
  expect(refusal(cluster, { verb: 'list', kind: pod })).toMatch(
    /^504 Timeout: the server was unable to return a response in the time allotted/,
  );
  cluster.core.setServing(false);
  expect(() => ask(cluster, { verb: 'list', kind: pod })).toThrow('the API server does not run');
});

test('[API-25] an object carries the revision of its last change, also when others expire at that moment', () => {
  const cluster = start();
  const about = { involvedObject: { kind: 'Pod', name: 'web', namespace: 'default' } };
  for (const name of ['a', 'b']) result(cluster, { verb: 'create', kind: event, body: { metadata: { name }, ...about } });
  cluster.advance(3_700_000);
  const created = result(cluster, { verb: 'create', kind: configMap, body: map('a') });
  expect((result(cluster, { verb: 'list', kind: event }) as unknown as ObjectList).items).toEqual([]);
  const stored = cluster.core.store.get('/registry/configmaps/default/a');
  expect([created.metadata?.resourceVersion, String(stored?.modRevision)]).toEqual([
    String(cluster.core.store.revision),
    String(cluster.core.store.revision),
  ]);
});
