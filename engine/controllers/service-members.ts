import { keyOf } from '../client/controller.ts';
import type { Lister } from '../client/informer.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { Service } from '../kinds/core/service.ts';
import { formatLabels, matchesLabels } from '../kinds/labels.ts';
import { namespaceOf } from './stored-object.ts';

/** The keys of the pods that each Service selects, kept up to date by changes so that nobody has to search all pods. */
export type Members = Map<string, Set<string>>;

/** An absent or empty selector means that somebody else writes the endpoints. */
export function hasSelector(service: Service): boolean {
  for (const _ in service.spec?.selector) return service.spec?.type !== 'ExternalName';
  return false;
}

/** Searches the namespace once, when a Service comes or its selector changes. */
export function findMembers(members: Members, service: Service, pods: Lister<Pod>): void {
  const found = new Set<string>();
  for (const pod of pods.inNamespace(namespaceOf(service))) {
    if (matchesLabels(service.spec?.selector, pod.metadata?.labels)) found.add(keyOf(pod));
  }
  members.set(keyOf(service), found);
}

/** Takes a pod's change over; returns the keys of the Services that have or had it. */
export function trackPod(members: Members, pod: Pod, isGone: boolean, services: Lister<Service>): readonly string[] {
  const key = keyOf(pod);
  const concerned: string[] = [];
  for (const service of services.inNamespace(namespaceOf(pod))) {
    if (!hasSelector(service)) continue;
    const serviceKey = keyOf(service);
    const set = members.get(serviceKey) ?? new Set<string>();
    members.set(serviceKey, set);
    const matches = !isGone && matchesLabels(service.spec?.selector, pod.metadata?.labels);
    const had = set.has(key);
    if (matches) set.add(key);
    else set.delete(key);
    if (matches || had || set.size === 0) concerned.push(serviceKey);
  }
  return concerned;
}

/** In words: which pods the selector misses, and the labels that come nearest to it. */
export interface NearMiss {
  readonly pods: number;
  readonly nearest: string | undefined;
  readonly seen: readonly Pod[];
}

export function findNearMiss(selector: Readonly<Record<string, string>>, pods: Iterable<Pod>): NearMiss {
  const groups = new Map<string, { labels: Record<string, string>; pods: Pod[]; score: number }>();
  let count = 0;
  for (const pod of pods) {
    count++;
    const labels = pickLabels(selector, pod.metadata?.labels ?? {});
    const id = formatLabels(labels);
    const group = groups.get(id);
    if (group) group.pods.push(pod);
    else groups.set(id, { labels, pods: [pod], score: closeness(selector, labels) });
  }
  const best = [...groups.entries()]
    .filter(([, { score }]) => score > 0)
    .sort(([a, left], [b, right]) => right.score - left.score || right.pods.length - left.pods.length || (a < b ? -1 : 1))[0];
  if (!best) return { pods: count, nearest: undefined, seen: [] };
  const [text, { pods: seen }] = best;
  return { pods: count, nearest: `${text} on ${seen.length} pod${seen.length === 1 ? '' : 's'}`, seen };
}

/** The labels that the selector asks about, whatever their values. */
function pickLabels(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const key in selector) if (labels[key] !== undefined) picked[key] = labels[key];
  return picked;
}

function closeness(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): number {
  let score = 0;
  for (const [key, value] of Object.entries(labels)) score += selector[key] === value ? 4 : 1;
  return score;
}
