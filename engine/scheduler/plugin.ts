import type { ProcessContext, WatchChange } from '../client/process.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { Millis } from '../sim/simulation.ts';
import type { NodeInfo } from './node-info.ts';

/**
 * All that a scheduler plugin may know. A plugin is one value; it implements the points that it needs.
 * Kubernetes: staging/src/k8s.io/kube-scheduler/framework/interface.go (1.36).
 */

/** What a filtering point says about a pod, or a pod and a node. An exception is a bug, never a "does not fit". */
export type Verdict =
  | { readonly kind: 'fits' }
  | {
      readonly kind: 'rejected';
      readonly reasons: readonly string[];
      /** Whether the node could fit if lower pods went away. */
      readonly preemptible: boolean;
    };
export const fits: Verdict = { kind: 'fits' };
export function rejected(reasons: string | readonly string[], { preemptible }: { readonly preemptible: boolean }): Verdict {
  return { kind: 'rejected', reasons: typeof reasons === 'string' ? [reasons] : reasons, preemptible };
}

/** What PreFilter and PreScore say: go on, or leave the plugin out of this pod's Filter or Score. */
export type Preparation = 'run' | 'skip';

/** A typed slot of a scheduling cycle's state. */
export interface StateKey<T> {
  readonly name: string;
  /** Never set; carries the type. */
  readonly type?: T;
}
export function stateKey<T>(name: string): StateKey<T> {
  return { name };
}

/** What the plugins of one cycle of one pod tell each other. */
export interface CycleState {
  read<T>(key: StateKey<T>): T | undefined;
  write<T>(key: StateKey<T>, value: T): void;
}

/** The cluster as the scheduler assumes it to be; reads only. */
export interface SchedulerView {
  nodes(): Iterable<NodeInfo>;
  node(name: string): NodeInfo | undefined;
  readonly nodeCount: number;
  /** On how many nodes an image lies, and how large it is. */
  image(name: string): { readonly nodes: number; readonly bytes: number } | undefined;
  lister: ProcessContext<object>['lister'];
  readonly now: Millis;
}

/** PreFilter may also narrow the nodes down: `nodes` names the only candidates. */
export type PreFilterVerdict =
  | { readonly kind: 'run'; readonly nodes?: ReadonlySet<string> }
  | { readonly kind: 'skip' }
  | Extract<Verdict, { kind: 'rejected' }>;

export type PostFilterVerdict =
  | { readonly kind: 'nominated'; readonly node: string; readonly victims: readonly Pod[] }
  | { readonly kind: 'rejected'; readonly reasons: readonly string[] };

export type BindVerdict = 'bound' | 'skip';

/** Everything about a failed round of filters that PostFilter may need. */
export interface FilterFailure {
  /** Nodes that no filter looked at are not in it. */
  readonly rejections: ReadonlyMap<string, Extract<Verdict, { kind: 'rejected' }>>;
  /** Runs all filters against a node as it would be. */
  filter(node: NodeInfo): Verdict;
}

/** What happened in the cluster; may make a rejected pod schedulable. */
export type ClusterEvent =
  | 'Node/added'
  | 'Node/allocatable'
  | 'Node/labels'
  | 'Node/taints'
  | 'Node/unschedulable'
  | 'Pod/assigned'
  | 'Pod/deleted'
  | 'Pod/scaled-down'
  | 'Pod/labels'
  | 'Pod/tolerations'
  | 'Pod/gates';

/** Which events let a plugin change its mind about a pod. `hint` may look closer; without it every such event counts. */
export interface RequeueRule {
  readonly on: ClusterEvent;
  hint?(pod: Pod, change: WatchChange): boolean;
}

/** What a plugin that acts on the cluster gets. */
export interface ActionContext {
  readonly view: SchedulerView;
  readonly process: ProcessContext<object>;
}

export interface SchedulerPlugin {
  /** Kubernetes' name: `TaintToleration`. */
  readonly name: string;
  readonly requeueOn?: readonly RequeueRule[];
  /** Before the queue: a pod that is not ready to be scheduled at all. */
  preEnqueue?(pod: Pod): Verdict;
  /** Below zero: `a` first. Exactly one plugin of a profile has it. */
  queueSort?(a: QueueOrder, b: QueueOrder): number;
  preFilter?(state: CycleState, pod: Pod, view: SchedulerView): PreFilterVerdict;
  filter?(state: CycleState, pod: Pod, node: NodeInfo, view: SchedulerView): Verdict;
  postFilter?(context: ActionContext, state: CycleState, pod: Pod, failure: FilterFailure): PostFilterVerdict;
  preScore?(state: CycleState, pod: Pod, nodes: readonly NodeInfo[], view: SchedulerView): Preparation;
  /** Without `normalize` the score must lie in 0…100. */
  score?(state: CycleState, pod: Pod, node: NodeInfo, view: SchedulerView): number;
  /** `default` scales the best to 100, `reverse` the least; a function does what it likes with all scores. */
  readonly normalize?: 'default' | 'reverse' | ((state: CycleState, pod: Pod, nodes: readonly NodeInfo[], scores: number[]) => void);
  reserve?(state: CycleState, pod: Pod, node: string): Verdict;
  /** Undoes `reserve`; must bear being called twice, or without it. */
  unreserve?(state: CycleState, pod: Pod, node: string): void;
  /** The last word before binding. Upstream's third answer, to wait, is not simulated. */
  permit?(state: CycleState, pod: Pod, node: string): Verdict;
  preBind?(context: ActionContext, state: CycleState, pod: Pod, node: string): Verdict;
  bind?(context: ActionContext, state: CycleState, pod: Pod, node: string): BindVerdict;
  postBind?(context: ActionContext, state: CycleState, pod: Pod, node: string): void;
}

/** What ordering may go by. */
export interface QueueOrder {
  readonly priority: number;
  readonly queuedAt: Millis;
  /** Breaks ties: the order of arrival. */
  readonly seq: number;
}

export const maxNodeScore = 100;
