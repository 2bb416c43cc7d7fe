import { fits, rejected, type SchedulerPlugin } from '../plugin.ts';

/** Holds pods back while `spec.schedulingGates` is not empty. Kubernetes: plugins/schedulinggates (1.36). */
export const schedulingGates: SchedulerPlugin = {
  name: 'SchedulingGates',
  requeueOn: [{ on: 'Pod/gates' }],
  preEnqueue(pod) {
    const gates = pod.spec?.schedulingGates?.map(({ name }) => name) ?? [];
    return gates.length === 0 ? fits : rejected(`waiting for scheduling gates: [${gates.join(' ')}]`, { preemptible: false });
  },
};
