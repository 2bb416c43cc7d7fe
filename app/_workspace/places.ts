import type { ObjectRef } from '../../server/gateway/protocol.ts';

/** Where something stands in the picture; written as `data-place` on its element and used by wires and packets. */
export function componentPlace(name: string, node?: string): string {
  return node ? `${name}@${node}` : name;
}

export function objectPlace(ref: ObjectRef): string {
  const kind = ref.kind.toLowerCase();
  return ref.namespace ? `${kind}/${ref.namespace}/${ref.name}` : `${kind}/${ref.name}`;
}

export const outsidePlace = 'outside';

export function placeSelector(place: string): string {
  return `[data-place=${JSON.stringify(place)}]`;
}

/**
 * What to look for in the picture for one hop of a packet. A hop is at `outside`, `load balancer 192.0.2.7`,
 * `node-1 kube-proxy`, or at a pod or node by its plain name.
 */
export function hopSelector(at: string): string {
  const [, proxyNode] = /^(\S+) kube-proxy$/.exec(at) ?? [];
  if (proxyNode) return placeSelector(componentPlace('kube-proxy', proxyNode));
  if (at === outsidePlace || at.startsWith('load balancer ')) return placeSelector(outsidePlace);
  return `[data-place$=${JSON.stringify(`/${at}`)}]:is([data-place^="pod/"], [data-place^="node/"])`;
}
