import type { Node } from '../../kinds/core/node.ts';
import { toleratesTaint } from '../../kinds/core/taints.ts';
import { fits, rejected, type SchedulerPlugin } from '../plugin.ts';

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** Keeps pods off cordoned nodes. Kubernetes: plugins/nodeunschedulable (1.36). */
export const nodeUnschedulable: SchedulerPlugin = {
  name: 'NodeUnschedulable',
  requeueOn: [
    { on: 'Node/added', hint: (_pod, { object }) => !(object as Node).spec?.unschedulable },
    { on: 'Node/unschedulable', hint: (_pod, { object }) => !(object as Node).spec?.unschedulable },
    { on: 'Pod/tolerations' },
  ],
  filter(_state, pod, { node }) {
    if (!node?.spec?.unschedulable || toleratesTaint(pod.spec?.tolerations, taint)) return fits;
    return rejected('node(s) were unschedulable', { preemptible: false });
  },
};
