import '#engine/descriptions';
import { performance } from 'node:perf_hooks';
import { collectChecks, type Lab } from '#labs/sdk';
import config from '../../../kube40.config.ts';
import type { OpenLabCluster } from '../lab-cluster.ts';
import { EngineLabCluster } from './engine-lab-cluster.ts';
import { SdkLabRules } from './sdk-lab-rules.ts';

/** How workers open clusters: with the check kinds of the installed plugins. */
export function createOpenLabCluster(): OpenLabCluster {
  const kinds = collectChecks(config.plugins);
  return async ({ spec, seed }, snapshot) => {
    const rules = new SdkLabRules({ lab: spec as Lab, kinds, seed, wallClock: () => performance.now() });
    return new EngineLabCluster(rules, snapshot);
  };
}
