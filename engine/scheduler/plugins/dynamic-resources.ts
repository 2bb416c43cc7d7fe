import type { SchedulerPlugin } from '../plugin.ts';

/**
 * Pods with resource claims are not simulated. What remains is what the plugin says about every pod that fits nowhere,
 * because it is part of the message of 1.36. Kubernetes: plugins/dynamicresources (1.36).
 */
export const dynamicResources: SchedulerPlugin = {
  name: 'DynamicResources',
  postFilter: () => ({ kind: 'rejected', reasons: ['no new claims to deallocate'] }),
};
