import type { Node } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { toleratesTaint } from '../../kinds/core/taints.ts';
import type { V1Taint, V1Toleration } from '../../schema/generated/models.ts';
import { fits, rejected, type SchedulerPlugin, stateKey } from '../plugin.ts';

const preferenceTolerations = stateKey<readonly V1Toleration[]>('TaintToleration/preference');

/** Keeps pods off nodes whose taints they do not tolerate. Kubernetes: plugins/tainttoleration (1.36). */
export const taintToleration: SchedulerPlugin = {
  name: 'TaintToleration',
  requeueOn: [
    { on: 'Node/added', hint: (pod, { object }) => blockingTaint(pod, object as Node) === undefined },
    { on: 'Node/taints', hint: (pod, { object }) => blockingTaint(pod, object as Node) === undefined },
    { on: 'Pod/tolerations' },
  ],
  filter(_state, pod, { node }) {
    // Upstream names no taint since 1.35: keys and values may be confidential.
    return !node || blockingTaint(pod, node) === undefined ? fits : rejected('node(s) had untolerated taint(s)', { preemptible: false });
  },
  preScore(state, pod) {
    state.write(
      preferenceTolerations,
      (pod.spec?.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule'),
    );
    return 'run';
  },
  score(state, _pod, { node }) {
    const tolerations = state.read(preferenceTolerations);
    let count = 0;
    for (const taint of node?.spec?.taints ?? []) if (taint.effect === 'PreferNoSchedule' && !toleratesTaint(tolerations, taint)) count++;
    return count;
  },
  normalize: 'reverse',
};

/** The first taint that keeps the pod away. */
export function blockingTaint(pod: Pod, node: Node): V1Taint | undefined {
  for (const taint of node.spec?.taints ?? []) {
    if (taint.effect !== 'PreferNoSchedule' && !toleratesTaint(pod.spec?.tolerations, taint)) return taint;
  }
  return undefined;
}
