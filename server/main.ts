import { runServer } from './run-server.ts';
import { openSite } from './site.ts';

await runServer({ openSite, clusterWorker: new URL('./cluster-worker.mjs', import.meta.url) });
