import type { SchedulerPlugin } from '../plugin.ts';

/** Higher priority first, then who has waited longer. Kubernetes: plugins/queuesort (1.36). */
export const prioritySort: SchedulerPlugin = {
  name: 'PrioritySort',
  queueSort: (a, b) => b.priority - a.priority || a.queuedAt - b.queuedAt || a.seq - b.seq,
};
