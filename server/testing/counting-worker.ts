import { runClusterWorker } from '../clusters/run-cluster-worker.ts';
import { CountingCluster } from './counting-cluster.ts';

runClusterWorker(async (recipe, snapshot) => new CountingCluster(recipe, snapshot));
