import { CountingCluster } from '../testing/counting-cluster.ts';
import { runClusterWorker } from './run-cluster-worker.ts';

runClusterWorker(async (recipe, snapshot) => new CountingCluster(recipe, snapshot));
