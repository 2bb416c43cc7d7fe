import { duplicate, type FieldError, forbidden, immutable, invalid, notSupported, required } from '../../schema/field-error.ts';
import type { V1Service, V1ServicePort } from '../../schema/generated/models.ts';
import { ageColumn } from '../columns.ts';
import { column, defineKind, dns1035Label, dns1123Label, dns1123Subdomain, nameColumn, wideColumn } from '../define-kind.ts';
import { formatLabels, validateLabels } from '../labels.ts';
import { isPort, portNameProblems, portRange } from './pod-validation.ts';

export type Service = V1Service;

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

function externalIP(object: Service): string {
  const { type, externalIPs = [], externalName } = object.spec ?? {};
  if (type === 'ExternalName') return externalName ?? '<none>';
  const balanced = (object.status?.loadBalancer?.ingress ?? []).map((ingress) => ingress.ip || ingress.hostname || '');
  if (type === 'LoadBalancer') return [...balanced, ...externalIPs].join(',') || '<pending>';
  return externalIPs.join(',') || '<none>';
}

function portsText(ports: readonly V1ServicePort[] | undefined): string {
  if (!ports || ports.length === 0) return '<none>';
  return ports.map((port) => `${port.port}${port.nodePort ? `:${port.nodePort}` : ''}/${port.protocol ?? 'TCP'}`).join(',');
}

/** Whether a Service of the type has node ports. */
export function usesNodePorts({ spec }: Service): boolean {
  return spec?.type === 'NodePort' || (spec?.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
}

/** Kubernetes: pkg/registry/core/service (1.36). Addresses and node ports are allocated by the API server. */
export const service = defineKind<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  model: 'V1Service',
  storagePrefix: '/registry/services/specs',
  subresources: ['status'],
  fieldSelectors: { 'spec.clusterIP': (object) => object.spec?.clusterIP ?? '', 'spec.type': (object) => object.spec?.type ?? '' },
  columns: [
    nameColumn(),
    column('Type', (object) => object.spec?.type ?? ''),
    column('Cluster-IP', (object) => object.spec?.clusterIP || '<none>'),
    column('External-IP', externalIP),
    column('Port(s)', (object) => portsText(object.spec?.ports)),
    ageColumn(),
    wideColumn('Selector', (object) => formatLabels(object.spec?.selector)),
  ],
  validateName: dns1035Label,
  defaults(draft) {
    draft.spec ??= {};
    const { spec } = draft;
    spec.type ||= 'ClusterIP';
    spec.sessionAffinity ||= 'None';
    if (spec.sessionAffinity === 'ClientIP') spec.sessionAffinityConfig ??= { clientIP: { timeoutSeconds: 10_800 } };
    for (const port of spec.ports ?? []) {
      port.protocol ||= 'TCP';
      if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port;
    }
    if (spec.type === 'ExternalName') return;
    spec.internalTrafficPolicy ??= 'Cluster';
    if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') spec.externalTrafficPolicy ??= 'Cluster';
    else delete spec.externalTrafficPolicy;
    if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
    else delete spec.allocateLoadBalancerNodePorts;
    spec.ipFamilies ??= ['IPv4'];
    spec.ipFamilyPolicy ??= 'SingleStack';
  },
  prepareForCreate(draft) {
    draft.status = { loadBalancer: {} };
  },
  validate: validateService,
  validateUpdate(next, old) {
    const before = old.spec?.clusterIP;
    const keepsAddress = next.spec?.type !== 'ExternalName' && old.spec?.type !== 'ExternalName' && before;
    return keepsAddress && next.spec?.clusterIP !== before
      ? [
          {
            ...immutable('spec.clusterIPs[0]', [next.spec?.clusterIP]),
            body: `Invalid value: ${JSON.stringify([next.spec?.clusterIP])}: may not change once set`,
          },
        ]
      : [];
  },
});

function validateService(object: Service): FieldError[] {
  const errors: FieldError[] = [];
  const { type = '', ports = [], selector, clusterIP, externalName, sessionAffinity } = object.spec ?? {};
  if (!types.includes(type)) errors.push(notSupported('spec.type', type, types));
  if (ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName') errors.push(required('spec.ports'));
  if (type === 'ExternalName') {
    if (!externalName) errors.push(required('spec.externalName'));
    else
      for (const problem of dns1123Subdomain(externalName.replace(/\.$/, '')))
        errors.push(invalid('spec.externalName', externalName, problem));
    if (clusterIP && clusterIP !== '') errors.push(forbidden('spec.clusterIPs[0]', 'may not be set for ExternalName services'));
  }
  if (type === 'LoadBalancer' && clusterIP === 'None')
    errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for LoadBalancer services"));
  if (type === 'NodePort' && clusterIP === 'None')
    errors.push(invalid('spec.clusterIPs[0]', 'None', "may not be set to 'None' for NodePort services"));
  errors.push(...validateLabels(selector, 'spec.selector'));
  if (sessionAffinity && !['ClientIP', 'None'].includes(sessionAffinity))
    errors.push(notSupported('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']));
  validatePorts(object, ports, errors);
  return errors;
}

function validatePorts(object: Service, ports: readonly V1ServicePort[], errors: FieldError[]): void {
  const names = new Set<string>();
  const uses = new Set<string>();
  ports.forEach((port, index) => {
    const at = `spec.ports[${index}]`;
    if (ports.length > 1 && !port.name) errors.push(required(`${at}.name`));
    if (port.name) {
      for (const problem of dns1123Label(port.name)) errors.push(invalid(`${at}.name`, port.name, problem));
      if (names.has(port.name)) errors.push(duplicate(`${at}.name`, port.name));
      names.add(port.name);
    }
    if (!isPort(port.port)) errors.push(invalid(`${at}.port`, port.port, portRange));
    if (port.protocol && !['TCP', 'UDP', 'SCTP'].includes(port.protocol))
      errors.push(notSupported(`${at}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']));
    if (typeof port.targetPort === 'number' && !isPort(port.targetPort))
      errors.push(invalid(`${at}.targetPort`, port.targetPort, portRange));
    if (typeof port.targetPort === 'string')
      for (const problem of portNameProblems(port.targetPort)) errors.push(invalid(`${at}.targetPort`, port.targetPort, problem));
    if (port.nodePort && !usesNodePorts(object)) errors.push(forbidden(`${at}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    const use = `${port.protocol}/${port.port}`;
    if (uses.has(use)) errors.push(duplicate(at, { port: port.port, protocol: port.protocol }));
    uses.add(use);
  });
}
