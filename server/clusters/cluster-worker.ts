import { createOpenLabCluster } from './engine/open-lab-cluster.ts';
import { runClusterWorker } from './run-cluster-worker.ts';

runClusterWorker(createOpenLabCluster());
