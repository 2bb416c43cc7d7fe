import { fits, rejected, type SchedulerPlugin } from '../plugin.ts';

/** Keeps a pod that names its node off all others. Kubernetes: plugins/nodename (1.36). */
export const nodeName: SchedulerPlugin = {
  name: 'NodeName',
  requeueOn: [{ on: 'Node/added' }],
  filter(_state, pod, node) {
    const wanted = pod.spec?.nodeName;
    return !wanted || wanted === node.name ? fits : rejected("node(s) didn't match the requested node name", { preemptible: false });
  },
};
