import type { Pod } from '../kinds/core/pod.ts';
import { invariant } from '../sim/invariant.ts';
import type { Attempt, NodeAttempt } from './attempts.ts';
import { fitErrorMessage, noNodesMessage } from './fit-error.ts';
import type { NodeInfo } from './node-info.ts';
import {
  type ActionContext,
  type CycleState,
  type FilterFailure,
  fits,
  maxNodeScore,
  type SchedulerPlugin,
  type SchedulerView,
  type StateKey,
  type Verdict,
} from './plugin.ts';
import type { QueueSort } from './queue.ts';

/** Runs plugins. No plugin imports it. Kubernetes: pkg/scheduler/schedule_one.go, framework/runtime (1.36). */
export interface ProfilePlugin {
  readonly plugin: SchedulerPlugin;
  /** For its score; 1 unless told. */
  readonly weight?: number;
}

/** What serves the pods of one `spec.schedulerName`. */
export interface Profile {
  readonly schedulerName: string;
  readonly plugins: readonly ProfilePlugin[];
}

type Rejection = Extract<Verdict, { kind: 'rejected' }>;
/** `isImplied`: PreFilter had narrowed the nodes down, so no filter looked at this one and the message does not count it. */
type Blame = Rejection & { readonly plugin: string; readonly isImplied?: boolean };

export function queueSortOf({ plugins, schedulerName }: Profile): QueueSort {
  const sorter = plugins.find(({ plugin }) => plugin.queueSort)?.plugin.queueSort;
  invariant(sorter, `scheduler: profile ${schedulerName} has no QueueSort plugin`);
  return sorter;
}

class Slots implements CycleState {
  readonly #values = new Map<string, unknown>();

  read<T>(key: StateKey<T>): T | undefined {
    return this.#values.get(key.name) as T | undefined;
  }

  write<T>(key: StateKey<T>, value: T): void {
    this.#values.set(key.name, value);
  }
}

export type CycleResult =
  | { readonly kind: 'chosen'; readonly node: string; readonly state: CycleState; readonly attempt: Omit<Attempt, 'atMs'> }
  | {
      readonly kind: 'unschedulable';
      readonly message: string;
      readonly rejectedBy: readonly string[];
      readonly nominated: { readonly node: string; readonly victims: readonly Pod[] } | undefined;
      readonly attempt: Omit<Attempt, 'atMs'>;
    };

export interface CycleInput {
  readonly profile: Profile;
  readonly pod: Pod;
  readonly context: ActionContext;
  /** Names of all nodes, starting where the last cycle ended. */
  readonly order: readonly string[];
  randomInt(below: number): number;
}

/** How many nodes that fit are enough. Kubernetes: numFeasibleNodesToFind. */
export function enoughNodes(nodes: number): number {
  if (nodes < 100) return nodes;
  const percent = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(100, Math.floor((nodes * percent) / 100));
}

interface Filtered {
  readonly feasible: readonly NodeInfo[];
  readonly rejections: ReadonlyMap<string, Blame>;
  /** How many nodes were looked at. */
  readonly processed: number;
}

/** One scheduling cycle: PreFilter, Filter, then either Score or PostFilter. `processed` moves the next cycle's start on. */
export function runCycle(input: CycleInput): { readonly result: CycleResult; readonly processed: number } {
  const { profile, pod, context, order } = input;
  const state = new Slots();
  const prepared = runPreFilters(profile, state, pod, context.view);
  if (order.length === 0)
    return { result: unschedulable({ message: noNodesMessage, rejectedBy: [], filters: [], nodes: [] }), processed: 0 };
  if (prepared.rejection) {
    const { plugin, reasons, preemptible } = prepared.rejection;
    const rejections = new Map(order.map((name) => [name, { ...rejectedAs(reasons, preemptible), plugin }]));
    return { result: afterRejection(input, state, { rejections, preFilterReasons: reasons, filters: [plugin] }), processed: 0 };
  }
  const filters = profile.plugins.map(({ plugin }) => plugin).filter((plugin) => plugin.filter && !prepared.skipped.has(plugin.name));
  const filtered = runFilters(input, state, filters, prepared.candidates);
  const names = filters.map(({ name }) => name);
  if (filtered.feasible.length === 0) {
    return {
      result: afterRejection(input, state, { rejections: filtered.rejections, preFilterReasons: [], filters: names }),
      processed: filtered.processed,
    };
  }
  return { result: choose(input, state, filtered, names), processed: filtered.processed };
}

function rejectedAs(reasons: readonly string[], preemptible: boolean): Rejection {
  return { kind: 'rejected', reasons, preemptible };
}

interface Narrowed {
  readonly nodes: ReadonlySet<string>;
  readonly by: readonly string[];
}

interface Prepared {
  readonly skipped: ReadonlySet<string>;
  readonly candidates: Narrowed | undefined;
  readonly rejection: Blame | undefined;
}

function runPreFilters({ plugins }: Profile, state: CycleState, pod: Pod, view: SchedulerView): Prepared {
  const skipped = new Set<string>();
  let candidates: Narrowed | undefined;
  for (const { plugin } of plugins) {
    const verdict = plugin.preFilter?.(state, pod, view);
    if (!verdict) continue;
    if (verdict.kind === 'rejected') return { skipped, candidates, rejection: { ...verdict, plugin: plugin.name } };
    if (verdict.kind === 'skip') skipped.add(plugin.name);
    else if (verdict.nodes) {
      const before: Narrowed | undefined = candidates;
      const nodes = before ? new Set([...verdict.nodes].filter((name) => before.nodes.has(name))) : verdict.nodes;
      candidates = { nodes, by: [...(before?.by ?? []), plugin.name].sort() };
    }
  }
  return { skipped, candidates, rejection: undefined };
}

function runFilters(
  { pod, context, order }: CycleInput,
  state: CycleState,
  filters: readonly SchedulerPlugin[],
  candidates: Narrowed | undefined,
): Filtered {
  const feasible: NodeInfo[] = [];
  const rejections = new Map<string, Blame>();
  const enough = enoughNodes(order.length);
  let processed = 0;
  for (const name of order) {
    if (feasible.length >= enough) break;
    processed++;
    const info = context.view.node(name);
    if (!info) continue;
    if (candidates && !candidates.nodes.has(name)) {
      const reason = `node(s) didn't satisfy plugin(s) [${candidates.by.join(' ')}]`;
      rejections.set(name, { ...rejectedAs([reason], false), plugin: candidates.by[0] ?? '', isImplied: true });
      continue;
    }
    const blame = firstRejection(filters, state, { pod, info, view: context.view });
    if (blame) rejections.set(name, blame);
    else feasible.push(info);
  }
  return { feasible, rejections, processed };
}

function firstRejection(
  filters: readonly SchedulerPlugin[],
  state: CycleState,
  { pod, info, view }: { readonly pod: Pod; readonly info: NodeInfo; readonly view: SchedulerView },
): Blame | undefined {
  for (const plugin of filters) {
    const verdict = plugin.filter?.(state, pod, info, view) ?? fits;
    if (verdict.kind === 'rejected') return { ...verdict, plugin: plugin.name };
  }
  return undefined;
}

interface Rejected {
  readonly rejections: ReadonlyMap<string, Blame>;
  readonly preFilterReasons: readonly string[];
  readonly filters: readonly string[];
}

function afterRejection(
  { profile, pod, context, order }: CycleInput,
  state: CycleState,
  { rejections, preFilterReasons, filters }: Rejected,
): CycleResult {
  const all = profile.plugins.map(({ plugin }) => plugin).filter((plugin) => plugin.filter && filters.includes(plugin.name));
  const failure: FilterFailure = {
    rejections,
    filter: (info) => firstRejection(all, state, { pod, info, view: context.view }) ?? fits,
  };
  const postFilterReasons: string[] = [];
  let nominated: { readonly node: string; readonly victims: readonly Pod[] } | undefined;
  for (const { plugin } of profile.plugins) {
    const verdict = plugin.postFilter?.(context, state, pod, failure);
    if (!verdict) continue;
    if (verdict.kind === 'rejected') postFilterReasons.push(...verdict.reasons);
    else {
      nominated = verdict;
      break;
    }
  }
  const nodeReasons = [...rejections.values()].filter(({ isImplied }) => !isImplied).map(({ reasons }) => reasons);
  const message = fitErrorMessage({
    nodeCount: order.length,
    preFilterReasons,
    nodeReasons,
    postFilterReasons: nominated ? [] : postFilterReasons,
  });
  const nodes = [...rejections].map(([node, { plugin, reasons }]): NodeAttempt => ({ node, rejectedBy: plugin, reasons }));
  const rejectedBy = [...new Set([...rejections.values()].map(({ plugin }) => plugin))];
  return unschedulable({ message, rejectedBy, filters, nodes, nominated });
}

interface Unschedulable {
  readonly message: string;
  readonly rejectedBy: readonly string[];
  readonly filters: readonly string[];
  readonly nodes: readonly NodeAttempt[];
  readonly nominated?: { readonly node: string; readonly victims: readonly Pod[] } | undefined;
}

function unschedulable({ message, rejectedBy, filters, nodes, nominated }: Unschedulable): CycleResult {
  return {
    kind: 'unschedulable',
    message,
    rejectedBy,
    nominated,
    attempt: { outcome: 'unschedulable', message, filters, scorers: [], nodes },
  };
}

/** The node with the highest total; chance decides between equals. */
function choose(input: CycleInput, state: CycleState, { feasible, rejections }: Filtered, filters: readonly string[]): CycleResult {
  const scored = feasible.length === 1 ? { scorers: [], totals: [0], table: [[]] } : score(input, state, feasible);
  const best = Math.max(...scored.totals);
  const ties = feasible.filter((_, index) => scored.totals[index] === best);
  const chosen = ties[ties.length === 1 ? 0 : input.randomInt(ties.length)] as NodeInfo;
  const nodes: NodeAttempt[] = feasible.map(({ name }, index) => ({
    node: name,
    ...(scored.scorers.length > 0 && { scores: scored.table[index] ?? [], total: scored.totals[index] ?? 0 }),
  }));
  for (const [node, { plugin, reasons }] of rejections) nodes.push({ node, rejectedBy: plugin, reasons });
  const message = `${feasible.length} of ${input.order.length} nodes fit; ${chosen.name} scored best`;
  return {
    kind: 'chosen',
    node: chosen.name,
    state,
    attempt: { outcome: 'scheduled', node: chosen.name, message, filters, scorers: scored.scorers, nodes },
  };
}

interface Scored {
  readonly scorers: readonly { readonly plugin: string; readonly weight: number }[];
  readonly totals: readonly number[];
  /** Weighted scores by node, then by scorer. */
  readonly table: readonly (readonly number[])[];
}

function score({ profile, pod, context }: CycleInput, state: CycleState, nodes: readonly NodeInfo[]): Scored {
  const scorers: { plugin: string; weight: number }[] = [];
  const totals = nodes.map(() => 0);
  const table: number[][] = nodes.map(() => []);
  for (const { plugin, weight = 1 } of profile.plugins) {
    if (!plugin.score || plugin.preScore?.(state, pod, nodes, context.view) === 'skip') continue;
    const scores = nodes.map((info) => plugin.score?.(state, pod, info, context.view) ?? 0);
    normalize(plugin, state, { pod, nodes, scores });
    scorers.push({ plugin: plugin.name, weight });
    scores.forEach((value, index) => {
      invariant(value >= 0 && value <= maxNodeScore, `scheduler: ${plugin.name} scored ${value}`);
      totals[index] = (totals[index] ?? 0) + value * weight;
      table[index]?.push(value * weight);
    });
  }
  return { scorers, totals, table };
}

function normalize(
  { normalize: how }: SchedulerPlugin,
  state: CycleState,
  { pod, nodes, scores }: { readonly pod: Pod; readonly nodes: readonly NodeInfo[]; readonly scores: number[] },
): void {
  if (how === undefined) return;
  if (typeof how === 'function') {
    how(state, pod, nodes, scores);
    return;
  }
  const most = Math.max(...scores);
  scores.forEach((value, index) => {
    const scaled = most === 0 ? 0 : Math.floor((value * maxNodeScore) / most);
    scores[index] = how === 'reverse' ? maxNodeScore - scaled : scaled;
  });
}
