import { setContent } from '../../server/content.ts';
import { runServer } from '../../server/run-server.ts';
import { testCourse } from '../../server/testing/test-course.ts';

/** The server as it runs, without pages: accounts, WebSocket, workers and database. */
setContent(testCourse);
await runServer({
  clusterWorker: new URL('./counting-worker.mjs', import.meta.url),
  openSite: async () => ({
    handle: async (_, response) => {
      response.writeHead(404).end();
    },
    upgrade: () => false,
    close: async () => undefined,
  }),
});
