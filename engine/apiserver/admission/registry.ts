import type { AdmissionPlugin } from './admission.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { serviceAccountAdmission } from './service-account.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';

/** The admission plugins that are on by default, in upstream's order. */
export const defaultAdmissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  serviceAccountAdmission,
  taintNodesByCondition,
  defaultTolerationSeconds,
];
