import type { ObjectRef } from '../../server/gateway/protocol.ts';

/** Where something stands in the picture; written as `data-place` on its element and used by wires and packets. */
export function componentPlace(name: string, node?: string): string {
  return node ? `${name}@${node}` : name;
}

export function objectPlace(ref: ObjectRef): string {
  const kind = ref.kind.toLowerCase();
  return ref.namespace ? `${kind}/${ref.namespace}/${ref.name}` : `${kind}/${ref.name}`;
}

/**
 * The places to try for one hop of a packet, the most exact first. A hop names `outside`, `pod/<namespace>/<name>`,
 * `service/<namespace>/<name>`, `node/<name>`, or a component, with its node as `kube-proxy@node-1`.
 */
export function placesOfHop(at: string): readonly string[] {
  const [component, node] = at.split('@');
  return node && component ? [at, component, `node/${node}`] : [at];
}
