import { definePlugin } from '#labs/sdk';
import { builtInChecks } from './checks/registry.ts';

/** The forty days, and the check kinds that their labs use. */
export const course = definePlugin({ name: 'kube40-course', version: '1.0.0', days: 'labs', checks: builtInChecks });
