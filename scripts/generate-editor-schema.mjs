// Writes public/generated/kubernetes-schema.json: one JSON schema for the editor, a union of every kind that one can create.
// Derived from engine/schema/generated/models.json; like it, made at set-up and ignored by git.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const { definitions, resources } = JSON.parse(readFileSync('engine/schema/generated/models.json', 'utf8'));
const descriptions = JSON.parse(readFileSync('engine/schema/generated/descriptions.json', 'utf8'));
for (const [model, texts] of Object.entries(descriptions)) {
  for (const [field, description] of Object.entries(texts)) {
    if (field === '') definitions[model] = { description, ...definitions[model] };
    else definitions[model].properties[field] = { description, ...definitions[model].properties[field] };
  }
}

// The client package knows no enums; these are the ones that students write by hand.
const enums = {
  'V1Container.imagePullPolicy': ['Always', 'IfNotPresent', 'Never'],
  'V1PodSpec.restartPolicy': ['Always', 'OnFailure', 'Never'],
  'V1PodSpec.dnsPolicy': ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'],
  'V1ContainerPort.protocol': ['TCP', 'UDP', 'SCTP'],
  'V1ServicePort.protocol': ['TCP', 'UDP', 'SCTP'],
  'V1ServiceSpec.type': ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
  'V1ServiceSpec.sessionAffinity': ['None', 'ClientIP'],
  'V1ServiceSpec.externalTrafficPolicy': ['Cluster', 'Local'],
  'V1ServiceSpec.internalTrafficPolicy': ['Cluster', 'Local'],
  'V1DeploymentStrategy.type': ['RollingUpdate', 'Recreate'],
  'V1DaemonSetUpdateStrategy.type': ['RollingUpdate', 'OnDelete'],
  'V1StatefulSetUpdateStrategy.type': ['RollingUpdate', 'OnDelete'],
  'V1StatefulSetSpec.podManagementPolicy': ['OrderedReady', 'Parallel'],
  'V1Taint.effect': ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  'V1Toleration.effect': ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  'V1Toleration.operator': ['Exists', 'Equal'],
  'V1LabelSelectorRequirement.operator': ['In', 'NotIn', 'Exists', 'DoesNotExist'],
  'V1NodeSelectorRequirement.operator': ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'],
  'V1TopologySpreadConstraint.whenUnsatisfiable': ['DoNotSchedule', 'ScheduleAnyway'],
  'V1HTTPGetAction.scheme': ['HTTP', 'HTTPS'],
  'V1HTTPIngressPath.pathType': ['Exact', 'Prefix', 'ImplementationSpecific'],
  'V1JobSpec.completionMode': ['NonIndexed', 'Indexed'],
  'V1CronJobSpec.concurrencyPolicy': ['Allow', 'Forbid', 'Replace'],
  'V1PersistentVolumeClaimSpec.volumeMode': ['Filesystem', 'Block'],
  'V1PersistentVolumeSpec.persistentVolumeReclaimPolicy': ['Retain', 'Delete', 'Recycle'],
  'V1StorageClass.volumeBindingMode': ['Immediate', 'WaitForFirstConsumer'],
};
// Quantities are strings to the client, and may be written as numbers.
const quantityMaps = new Set([
  'limits',
  'requests',
  'capacity',
  'allocatable',
  'hard',
  'used',
  'overhead',
  'default',
  'defaultRequest',
  'max',
  'min',
]);
const quantityFields = new Set(['sizeLimit', 'averageValue', 'divisor', 'targetAverageValue']);
const quantity = { type: ['string', 'number'] };
const generatorNote = /^(?:Kubernetes\n)?No description provided[\s\S]*?Do not edit the class manually\.\n?/;

function fieldSchema(model, field, schema) {
  const described = schema.description ? { description: schema.description } : {};
  const values = enums[`${model}.${field}`];
  if (values) return { ...described, type: 'string', enum: values };
  if (quantityMaps.has(field) && schema.additionalProperties?.type === 'string') {
    return { ...described, type: 'object', additionalProperties: quantity };
  }
  if (quantityFields.has(field) && schema.type === 'string') return { ...described, ...quantity };
  // `format` would be checked by rules that are stricter or other than Kubernetes' own.
  const { format: _format, 'x-kubernetes-int-or-string': isIntOrString, ...kept } = schema;
  return isIntOrString ? { ...described, type: ['integer', 'string'] } : kept;
}

function toDefinition(model) {
  const { description, properties, required } = definitions[model];
  const text = (description ?? '').replace(generatorNote, '').trim();
  const fields = Object.fromEntries(Object.entries(properties).map(([field, schema]) => [field, fieldSchema(model, field, schema)]));
  const isOpen = Object.keys(fields).length === 0;
  return {
    ...(text && { description: text }),
    type: 'object',
    properties: fields,
    ...(required && { required }),
    ...(!isOpen && { additionalProperties: false }),
  };
}

const used = {};
function collect(model) {
  if (used[model] || !definitions[model]) return;
  used[model] = toDefinition(model);
  for (const [, name] of JSON.stringify(used[model]).matchAll(/"#\/definitions\/(\w+)"/g)) collect(name);
}

// Sub-resources that are posted to, never written in a file.
const notInFiles = new Set([
  'Binding',
  'Eviction',
  'TokenRequest',
  'TokenReview',
  'SubjectAccessReview',
  'SelfSubjectAccessReview',
  'SelfSubjectReview',
  'LocalSubjectAccessReview',
  'SelfSubjectRulesReview',
  'Scale',
]);
const kinds = Object.entries(resources).filter(([, resource]) => !notInFiles.has(resource.kind));
for (const [model, { group, version, kind }] of kinds) {
  collect(model);
  const { properties } = used[model];
  // `status` is the cluster's to write.
  delete properties.status;
  properties.apiVersion = { ...properties.apiVersion, enum: [group ? `${group}/${version}` : version] };
  properties.kind = { ...properties.kind, enum: [kind] };
  used[model].required = [...new Set(['apiVersion', 'kind', ...(used[model].required ?? [])])];
}

const order = ['Deployment', 'Service', 'Pod', 'ConfigMap', 'Secret', 'Namespace', 'ReplicaSet'];
const rank = (kind) => (order.includes(kind) ? order.indexOf(kind) : order.length);
kinds.sort(([, a], [, b]) => rank(a.kind) - rank(b.kind) || a.kind.localeCompare(b.kind));

mkdirSync('public/generated', { recursive: true });
const oneOf = kinds.map(([model]) => ({ $ref: `#/definitions/${model}` }));
writeFileSync('public/generated/kubernetes-schema.json', JSON.stringify({ oneOf, definitions: used }));
console.log(`generated the editor's schema: ${kinds.length} kinds, ${Object.keys(used).length} types`);
