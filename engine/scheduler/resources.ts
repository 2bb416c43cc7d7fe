import type { Node } from '../kinds/core/node.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { V1Container } from '../schema/generated/models.ts';
import { cpuMillis, wholeUnits } from '../schema/quantity.ts';

/** Amounts by resource name: `cpu` in thousandths of a core, everything else in bytes or pieces. */
export type Amounts = Map<string, number>;
export type ReadonlyAmounts = ReadonlyMap<string, number>;

type Quantities = { readonly [name: string]: string } | undefined;

/** What scoring assumes of a container that asks for nothing. Kubernetes: pkg/scheduler/util/pod_resources.go (1.36). */
const assumedCpuMillis = 100;
const assumedMemoryBytes = 200 * 1024 * 1024;

export function amountOf(resource: string, quantity: string): number {
  return resource === 'cpu' ? cpuMillis(quantity) : wholeUnits(quantity);
}

function add(to: Amounts, quantities: Quantities): void {
  for (const name in quantities) to.set(name, (to.get(name) ?? 0) + amountOf(name, quantities[name] as string));
}

/** What a pod needs: its containers together, or the hungriest init container if that is more. */
export interface PodRequest {
  readonly amounts: ReadonlyAmounts;
  /** CPU and memory with assumptions in place of what is not asked for. */
  readonly scoredCpuMillis: number;
  readonly scoredMemoryBytes: number;
}

const known = new WeakMap<object, PodRequest>();

/** Kubernetes: component-helpers/resource PodRequests (1.36). */
export function requestOf(pod: Pod): PodRequest {
  const spec = pod.spec ?? { containers: [] };
  const before = known.get(spec);
  if (before) return before;
  const request = computeRequest(pod);
  if (Object.isFrozen(spec)) known.set(spec, request);
  return request;
}

function computeRequest({ spec }: Pod): PodRequest {
  const containers = spec?.containers ?? [];
  const amounts: Amounts = new Map();
  for (const { resources } of containers) add(amounts, resources?.requests);
  const scored = containers.reduce(
    (sum, container) => ({ cpu: sum.cpu + scoredAmount(container, 'cpu'), memory: sum.memory + scoredAmount(container, 'memory') }),
    { cpu: 0, memory: 0 },
  );
  const sidecars: Amounts = new Map();
  const hungriest: Amounts = new Map();
  for (const init of spec?.initContainers ?? []) {
    const own: Amounts = new Map(sidecars);
    add(own, init.resources?.requests);
    // A sidecar goes on running beside all that start after it.
    if (init.restartPolicy === 'Always') {
      add(sidecars, init.resources?.requests);
      add(amounts, init.resources?.requests);
    }
    for (const [name, amount] of own) hungriest.set(name, Math.max(hungriest.get(name) ?? 0, amount));
  }
  for (const [name, amount] of hungriest) amounts.set(name, Math.max(amounts.get(name) ?? 0, amount));
  for (const [name, quantity] of Object.entries(spec?.resources?.requests ?? {})) amounts.set(name, amountOf(name, quantity));
  add(amounts, spec?.overhead);
  return {
    amounts,
    scoredCpuMillis: Math.max(scored.cpu, amounts.get('cpu') ?? 0),
    scoredMemoryBytes: Math.max(scored.memory, amounts.get('memory') ?? 0),
  };
}

function scoredAmount({ resources }: V1Container, name: 'cpu' | 'memory'): number {
  const quantity = resources?.requests?.[name];
  if (quantity !== undefined) return amountOf(name, quantity);
  return name === 'cpu' ? assumedCpuMillis : assumedMemoryBytes;
}

export function allocatableOf(node: Node): Amounts {
  const amounts: Amounts = new Map();
  add(amounts, node.status?.allocatable ?? node.status?.capacity);
  return amounts;
}
