import { keyOf } from '../../client/controller.ts';
import { type Pod, pod as podKind } from '../../kinds/core/pod.ts';
import { parseTime } from '../../sim/simulation.ts';
import { fitErrorMessage } from '../fit-error.ts';
import { type NodeInfo, withoutPods } from '../node-info.ts';
import type { ActionContext, FilterFailure, PostFilterVerdict, SchedulerPlugin, SchedulerView } from '../plugin.ts';

/** Makes room for a pod by ending pods of lower priority. Kubernetes: plugins/defaultpreemption (1.36). */
export const defaultPreemption: SchedulerPlugin = {
  name: 'DefaultPreemption',
  postFilter(context, _state, pod, failure) {
    if (pod.spec?.preemptionPolicy === 'Never') return refusal('not eligible due to preemptionPolicy=Never.');
    const nominated = pod.status?.nominatedNodeName;
    if (nominated && hasTerminatingVictim(context.view, nominated, pod))
      return refusal('not eligible due to a terminating pod on the nominated node.');
    return preempt(context, pod, failure);
  },
};

function refusal(text: string): PostFilterVerdict {
  return { kind: 'rejected', reasons: [`preemption: ${text}`] };
}

function priorityOf({ spec }: Pod): number {
  return spec?.priority ?? 0;
}

function hasTerminatingVictim(view: SchedulerView, node: string, pod: Pod): boolean {
  for (const other of view.node(node)?.pods.values() ?? []) {
    if (other.metadata?.deletionTimestamp !== undefined && priorityOf(other) < priorityOf(pod)) return true;
  }
  return false;
}

interface Candidate {
  readonly node: string;
  /** Most important first. */
  readonly victims: readonly Pod[];
}

function preempt(context: ActionContext, pod: Pod, failure: FilterFailure): PostFilterVerdict {
  const candidates: Candidate[] = [];
  const reasons: (readonly string[])[] = [];
  for (const [name, { preemptible }] of failure.rejections) {
    const info = context.view.node(name);
    if (!preemptible || !info) {
      reasons.push(['Preemption is not helpful for scheduling']);
      continue;
    }
    const outcome = findVictims(pod, info, failure);
    if (outcome.kind === 'victims') candidates.push({ node: name, victims: outcome.victims });
    else reasons.push([outcome.reason]);
  }
  const best = candidates.sort(compareCandidates)[0];
  if (!best) {
    return refusal(
      fitErrorMessage({ nodeCount: context.view.nodeCount, preFilterReasons: [], nodeReasons: reasons, postFilterReasons: [] }),
    );
  }
  for (const victim of best.victims) evict(context, victim, pod, best.node);
  return { kind: 'nominated', node: best.node, victims: best.victims };
}

type Victims = { readonly kind: 'victims'; readonly victims: readonly Pod[] } | { readonly kind: 'none'; readonly reason: string };

/** The least that must go: all lower pods are taken away, then as many as possible put back, the most important first. */
function findVictims(pod: Pod, info: NodeInfo, failure: FilterFailure): Victims {
  const lower = [...info.pods.values()].filter((other) => priorityOf(other) < priorityOf(pod)).sort(byImportance);
  if (lower.length === 0) return { kind: 'none', reason: 'No preemption victims found for incoming pod' };
  const gone = new Set(lower.map(keyOf));
  const verdict = failure.filter(withoutPods(info, gone));
  if (verdict.kind === 'rejected') return { kind: 'none', reason: verdict.reasons.join(', ') };
  for (const other of lower) {
    gone.delete(keyOf(other));
    if (failure.filter(withoutPods(info, gone)).kind === 'rejected') gone.add(keyOf(other));
  }
  return { kind: 'victims', victims: lower.filter((other) => gone.has(keyOf(other))) };
}

function startOf({ status }: Pod): number {
  return (status?.startTime && parseTime(status.startTime)) || Number.MAX_SAFE_INTEGER;
}

/** Higher priority, then older. */
function byImportance(a: Pod, b: Pod): number {
  return priorityOf(b) - priorityOf(a) || startOf(a) - startOf(b);
}

/** The node whose victims matter least. */
function compareCandidates(a: Candidate, b: Candidate): number {
  const sum = ({ victims }: Candidate): number => victims.reduce((total, victim) => total + priorityOf(victim) + 2_147_483_648, 0);
  const highest = ({ victims }: Candidate): number => (victims[0] ? priorityOf(victims[0]) : Number.NEGATIVE_INFINITY);
  const earliest = ({ victims }: Candidate): number =>
    Math.min(...victims.filter((victim) => priorityOf(victim) === (victims[0] ? priorityOf(victims[0]) : 0)).map(startOf));
  return highest(a) - highest(b) || sum(a) - sum(b) || a.victims.length - b.victims.length || earliest(b) - earliest(a);
}

function evict({ process }: ActionContext, victim: Pod, pod: Pod, node: string): void {
  const { name = '', namespace = '', uid = '' } = victim.metadata ?? {};
  const message = `${process.name}: preempting to accommodate a higher priority pod`;
  process.client.modify(
    podKind,
    namespace,
    name,
    (draft) => {
      if (draft.metadata?.uid !== uid) return;
      const others = (draft.status?.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget');
      const disruption = {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'PreemptionByScheduler',
        message,
        lastTransitionTime: process.timestamp,
      };
      draft.status = { ...draft.status, conditions: [...others, disruption] };
    },
    'status',
  );
  process.client.remove(podKind, namespace, name, { preconditions: { uid } });
  process.event(victim, 'Normal', 'Preempted', `Preempted by pod ${pod.metadata?.uid ?? ''} on node ${node}`);
}
