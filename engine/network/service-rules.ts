import type { Service } from '../kinds/core/service.ts';
import type { EndpointSlice } from '../kinds/discovery/endpoint-slice.ts';
import type { V1Endpoint, V1ServicePort } from '../schema/generated/models.ts';
import type { Backend, ProxyRule } from './network.ts';

/** `namespace/name` of the Service that a slice belongs to. */
export function serviceOf(slice: EndpointSlice): string | undefined {
  const name = slice.metadata?.labels?.['kubernetes.io/service-name'];
  return name === undefined ? undefined : `${slice.metadata?.namespace ?? ''}/${name}`;
}

/**
 * The rules of one Service on one node, by `address:port/protocol`. Equal inputs give the same objects, so that nodes share them.
 * Kubernetes: pkg/proxy/topology.go, pkg/proxy/iptables/proxier.go (1.36).
 */
export function serviceRules(object: Service, slices: readonly EndpointSlice[], node: string): ReadonlyMap<string, ProxyRule> {
  const rules = new Map<string, ProxyRule>();
  const { spec } = object;
  if (!spec?.clusterIP || spec.clusterIP === 'None' || spec.type === 'ExternalName') return rules;
  for (const port of spec.ports ?? []) {
    const all = portRules(object, port, slices);
    const local = spec.internalTrafficPolicy === 'Local' || spec.externalTrafficPolicy === 'Local' ? localRule(all, node) : all;
    const inside = spec.internalTrafficPolicy === 'Local' ? local : all;
    const outside = spec.externalTrafficPolicy === 'Local' ? Object.freeze({ ...local, empty: 'drop' as const }) : all;
    const end = `${port.port}/${port.protocol ?? 'TCP'}`;
    rules.set(`${spec.clusterIP}:${end}`, inside);
    for (const address of spec.externalIPs ?? []) rules.set(`${address}:${end}`, outside);
    // Traffic from inside to a load balancer's address is short-cut and may use every endpoint.
    for (const { ip } of object.status?.loadBalancer?.ingress ?? []) if (ip) rules.set(`${ip}:${end}`, all);
    if (port.nodePort) rules.set(`*:${port.nodePort}/${port.protocol ?? 'TCP'}`, outside);
  }
  return rules;
}

function localRule(rule: ProxyRule, node: string): ProxyRule {
  return Object.freeze({ ...rule, backends: Object.freeze(rule.backends.filter((backend) => backend.node === node)) });
}

/** Rules for all nodes, remembered per Service object and slices: every node asks for the same. Derived, never part of the state. */
const remembered = new WeakMap<object, Map<string, { readonly slices: readonly EndpointSlice[]; readonly rule: ProxyRule }>>();

function portRules(object: Service, port: V1ServicePort, slices: readonly EndpointSlice[]): ProxyRule {
  const name = `${port.name ?? ''}/${port.port}`;
  const known = remembered.get(object) ?? new Map();
  remembered.set(object, known);
  const last = known.get(name);
  if (last && sameItems(last.slices, slices)) return last.rule;
  const rule: ProxyRule = Object.freeze({
    service: `${object.metadata?.namespace}/${object.metadata?.name}:${port.name || port.port}`,
    backends: Object.freeze(backendsOf(port, slices)),
    affinitySeconds:
      object.spec?.sessionAffinity === 'ClientIP' ? (object.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) : 0,
    empty: 'reject',
  });
  known.set(name, { slices, rule });
  return rule;
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Ready endpoints; when there are none, those that still serve while they go away. */
function backendsOf(port: V1ServicePort, slices: readonly EndpointSlice[]): Backend[] {
  const ready: Backend[] = [];
  const terminating: Backend[] = [];
  for (const slice of slices) {
    const target = slice.ports?.find(
      (known) => (known.name ?? '') === (port.name ?? '') && (known.protocol ?? 'TCP') === (port.protocol ?? 'TCP'),
    )?.port;
    if (target === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const { conditions } = endpoint;
      if (conditions?.ready !== false) ready.push(backendOf(endpoint, target));
      else if (conditions.serving && conditions.terminating) terminating.push(backendOf(endpoint, target));
    }
  }
  return ready.length > 0 ? ready : terminating;
}

function backendOf({ addresses, nodeName, targetRef }: V1Endpoint, port: number): Backend {
  return Object.freeze({
    address: addresses[0] as string,
    port,
    node: nodeName ?? '',
    pod: targetRef?.kind === 'Pod' ? `${targetRef.namespace}/${targetRef.name}` : undefined,
  });
}
