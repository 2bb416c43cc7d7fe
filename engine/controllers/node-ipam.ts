import { type ControllerContext, type ControllerDefinition, done } from '../client/controller.ts';
import { type Node, node } from '../kinds/core/node.ts';
import { invariant } from '../sim/invariant.ts';
import { isDeleting, metaOf, refTo } from './stored-object.ts';

export interface PodNetwork {
  /** IPv4, as `10.244.0.0/16`. */
  readonly clusterCidr: string;
  /** Length of each node's prefix; 24 unless told. */
  readonly nodeMaskSize?: number;
}

/** Gives each node a range of pod addresses. Kubernetes: pkg/controller/nodeipam (1.36). */
export function nodeIpamController({ clusterCidr, nodeMaskSize = 24 }: PodNetwork): ControllerDefinition {
  return {
    name: 'node-ipam-controller',
    watches: [{ kind: node, enqueue: 'self' }],
    initialState: () => ({}),
    reconcile(context, name) {
      const stored = context.lister(node).byKey(name);
      if (!stored || isDeleting(stored) || stored.spec?.podCIDR) return done;
      assign(context, stored, findFreeRange(clusterCidr, nodeMaskSize, takenRanges(context)));
      return done;
    },
  };
}

/** The cache may not show yet what was assigned a moment ago, so nodes are asked for at the API; nodes come rarely. */
function takenRanges({ client }: ControllerContext): ReadonlySet<string> {
  return new Set(client.list(node).flatMap(({ spec }) => (spec?.podCIDR ? [spec.podCIDR] : [])));
}

function assign(context: ControllerContext, stored: Node, range: string | undefined): void {
  const { name } = metaOf(stored);
  const about = refTo(node, stored);
  if (range === undefined) {
    context.event(stored, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
    context.finding(about, 'addresses', 'the cluster has no pod addresses left for this node');
    return;
  }
  context.finding(about, 'addresses', undefined);
  context.client.modify(node, '', name, (draft) => {
    if (draft.metadata?.uid !== metaOf(stored).uid || draft.spec?.podCIDR) return;
    draft.spec = { ...draft.spec, podCIDR: range, podCIDRs: [range] };
  });
}

/** The first range of the wanted size that nobody has. */
export function findFreeRange(clusterCidr: string, maskSize: number, taken: ReadonlySet<string>): string | undefined {
  const [base = '', size = ''] = clusterCidr.split('/');
  const clusterSize = Number(size);
  invariant(clusterSize <= maskSize && maskSize <= 32, `node-ipam: cannot cut /${maskSize} out of ${clusterCidr}`);
  const first = base.split('.').reduce((address, part) => address * 256 + Number(part), 0);
  const step = 2 ** (32 - maskSize);
  for (let index = 0; index < 2 ** (maskSize - clusterSize); index++) {
    const range = `${formatAddress(first + index * step)}/${maskSize}`;
    if (!taken.has(range)) return range;
  }
  return undefined;
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}
