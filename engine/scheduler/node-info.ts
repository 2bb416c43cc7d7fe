import type { Node } from '../kinds/core/node.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { type Amounts, allocatableOf, requestOf } from './resources.ts';

/**
 * A node with what the scheduler believes to run on it. Kept up to date by changes, never rebuilt for a cycle; plain data.
 * Kubernetes: pkg/scheduler/framework/types.go NodeInfo, backend/cache (1.36).
 */
export interface NodeInfo {
  readonly name: string;
  /** Absent when pods are bound to a node that does not exist (any more). */
  node: Node | undefined;
  readonly pods: Map<string, Pod>;
  allocatable: Amounts;
  readonly requested: Amounts;
  scoredCpuMillis: number;
  scoredMemoryBytes: number;
  /** `protocol/ip/port` of the host ports in use, with how many use each. */
  readonly ports: Map<string, number>;
  /** Answers of `countPods`; emptied when a pod comes or goes. */
  readonly counts: Map<string, number>;
}

/** All nodes of the cache. Plain data. */
export interface NodeCache {
  readonly nodes: Map<string, NodeInfo>;
  /** Node of each pod that takes up room, by pod key. */
  readonly placed: Map<string, { readonly node: string; readonly uid: string }>;
  /** Pods that were bound but are not yet seen as bound. */
  readonly assumed: Set<string>;
  /** Names of existing nodes in the order of filtering: zone by zone in turn. */
  order: readonly string[];
  isOrderStale: boolean;
  /** Nodes and size by image name. */
  readonly images: Map<string, { nodes: number; bytes: number }>;
}

export function newNodeCache(): NodeCache {
  return { nodes: new Map(), placed: new Map(), assumed: new Set(), order: [], isOrderStale: false, images: new Map() };
}

function newNodeInfo(name: string): NodeInfo {
  return {
    name,
    node: undefined,
    pods: new Map(),
    allocatable: new Map(),
    requested: new Map(),
    scoredCpuMillis: 0,
    scoredMemoryBytes: 0,
    ports: new Map(),
    counts: new Map(),
  };
}

function infoOf(cache: NodeCache, name: string): NodeInfo {
  let info = cache.nodes.get(name);
  if (!info) {
    info = newNodeInfo(name);
    cache.nodes.set(name, info);
  }
  return info;
}

export function setNode(cache: NodeCache, node: Node): void {
  const info = infoOf(cache, node.metadata?.name ?? '');
  const before = info.node;
  if (before === undefined || zoneKey(before) !== zoneKey(node)) cache.isOrderStale = true;
  if (before?.status?.images !== node.status?.images) {
    countImages(cache, before, -1);
    countImages(cache, node, 1);
  }
  info.node = node;
  info.allocatable = allocatableOf(node);
}

export function removeNode(cache: NodeCache, name: string): void {
  const info = cache.nodes.get(name);
  if (!info) return;
  countImages(cache, info.node, -1);
  info.node = undefined;
  cache.isOrderStale = true;
  if (info.pods.size === 0) cache.nodes.delete(name);
}

function countImages({ images }: NodeCache, node: Node | undefined, sign: 1 | -1): void {
  for (const { names = [], sizeBytes = 0 } of node?.status?.images ?? []) {
    for (const name of names) {
      const count = (images.get(name)?.nodes ?? 0) + sign;
      if (count <= 0) images.delete(name);
      else images.set(name, { nodes: count, bytes: sizeBytes });
    }
  }
}

/** Puts a pod on its node; one that is there already is replaced by its newer self. */
export function placePod(cache: NodeCache, key: string, pod: Pod, node: string): void {
  const uid = pod.metadata?.uid ?? '';
  const before = cache.placed.get(key);
  if (before?.node === node && before.uid === uid) {
    replacePod(cache, key, pod, node);
    return;
  }
  if (before) takePod(cache, key);
  const info = infoOf(cache, node);
  cache.placed.set(key, { node, uid });
  info.pods.set(key, pod);
  account(info, pod, 1);
}

function replacePod(cache: NodeCache, key: string, pod: Pod, node: string): void {
  const info = infoOf(cache, node);
  const old = info.pods.get(key);
  info.pods.set(key, pod);
  if (!old || old.spec === pod.spec) {
    if (old?.metadata?.labels !== pod.metadata?.labels || old?.metadata?.deletionTimestamp !== pod.metadata?.deletionTimestamp)
      info.counts.clear();
    return;
  }
  account(info, old, -1);
  account(info, pod, 1);
}

/** Frees what a pod takes up. */
export function takePod(cache: NodeCache, key: string): void {
  const place = cache.placed.get(key);
  if (!place) return;
  cache.placed.delete(key);
  cache.assumed.delete(key);
  const info = cache.nodes.get(place.node);
  const pod = info?.pods.get(key);
  if (!info || !pod) return;
  info.pods.delete(key);
  account(info, pod, -1);
  if (info.pods.size === 0 && info.node === undefined) cache.nodes.delete(place.node);
}

function account(info: NodeInfo, pod: Pod, sign: 1 | -1): void {
  const { amounts, scoredCpuMillis, scoredMemoryBytes } = requestOf(pod);
  for (const [name, amount] of amounts) info.requested.set(name, (info.requested.get(name) ?? 0) + sign * amount);
  info.scoredCpuMillis += sign * scoredCpuMillis;
  info.scoredMemoryBytes += sign * scoredMemoryBytes;
  for (const port of hostPorts(pod)) {
    const users = (info.ports.get(port) ?? 0) + sign;
    if (users <= 0) info.ports.delete(port);
    else info.ports.set(port, users);
  }
  info.counts.clear();
}

/** A copy without some of its pods, to try what would fit then. */
export function withoutPods(info: NodeInfo, gone: ReadonlySet<string>): NodeInfo {
  const copy: NodeInfo = {
    ...info,
    pods: new Map(info.pods),
    requested: new Map(info.requested),
    ports: new Map(info.ports),
    counts: new Map(),
  };
  for (const key of gone) {
    const pod = copy.pods.get(key);
    if (!pod) continue;
    copy.pods.delete(key);
    account(copy, pod, -1);
  }
  return copy;
}

/** `TCP/0.0.0.0/80` for each host port that a pod asks for. */
export function hostPorts(pod: Pod): readonly string[] {
  const ports: string[] = [];
  for (const container of [
    ...(pod.spec?.containers ?? []),
    ...(pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
  ]) {
    for (const { hostPort, hostIP, protocol } of container.ports ?? []) {
      if (hostPort) ports.push(`${protocol ?? 'TCP'}/${hostIP || '0.0.0.0'}/${hostPort}`);
    }
  }
  return ports;
}

/** How many pods of a node fulfil a condition; remembered under `name` until a pod comes or goes. */
export function countPods(info: NodeInfo, name: string, fulfils: (pod: Pod) => boolean): number {
  const before = info.counts.get(name);
  if (before !== undefined) return before;
  let count = 0;
  for (const pod of info.pods.values()) if (fulfils(pod)) count++;
  // A bounded memo: pods of many owners would otherwise fill it.
  if (info.counts.size > 64) info.counts.clear();
  info.counts.set(name, count);
  return count;
}

function zoneKey(node: Node): string {
  const labels = node.metadata?.labels ?? {};
  return `${labels['topology.kubernetes.io/region'] ?? ''}:${labels['topology.kubernetes.io/zone'] ?? ''}`;
}

/** Existing nodes, one of each zone in turn, so that a search that ends early has seen all zones. */
export function orderedNodes(cache: NodeCache): readonly string[] {
  if (!cache.isOrderStale) return cache.order;
  const zones = new Map<string, string[]>();
  for (const { name, node } of cache.nodes.values()) {
    if (!node) continue;
    const zone = zones.get(zoneKey(node));
    if (zone) zone.push(name);
    else zones.set(zoneKey(node), [name]);
  }
  const lists = [...zones.values()];
  const order: string[] = [];
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let i = 0; i < longest; i++) for (const list of lists) if (i < list.length) order.push(list[i] as string);
  cache.order = order;
  cache.isOrderStale = false;
  return order;
}
