import { formatTime } from '../sim/simulation.ts';
import { defineImage, exitOnStop, tagsOf } from './define-image.ts';
import { httpReply, logTime, statusText } from './http-reply.ts';
import type { ImageProgram } from './image-program.ts';
import { debianUserland } from './userland/userlands.ts';

const root = '/usr/local/apache2/htdocs';
const version = '2.4.66';

/** The Apache web server. */
export const httpdProgram: ImageProgram = {
  initialState: () => ({}),
  start(p) {
    p.log(
      `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${p.address}. Set the 'ServerName' directive globally to suppress this message`,
      'stderr',
    );
    p.listen(80);
  },
  onSignal: exitOnStop,
  http(p, request) {
    const path = (request.path.split('?')[0] as string).replace(/\/$/, '/index.html');
    const content = p.files.read(root + path);
    const header = { Server: `Apache/${version} (Unix)`, 'Content-Type': 'text/html' };
    const response =
      content === undefined
        ? httpReply(
            404,
            `<html><head><title>404 ${statusText(404)}</title></head><body><h1>${statusText(404)}</h1></body></html>\n`,
            header,
          )
        : httpReply(200, content, header);
    p.log(
      `${request.clientAddress} - - [${logTime(formatTime(p.now))}] "${request.method} ${request.path} HTTP/1.1" ${response.status} ${response.body.length}`,
    );
    return response;
  },
};

const files = Object.freeze({ [`${root}/index.html`]: '<html><body><h1>It works!</h1></body></html>\n' });

export const httpd = defineImage({
  repository: 'docker.io/library/httpd',
  tags: tagsOf({ latest: 45.2, alpine: 21.8 }, { '2.4': 'latest', '2': 'latest', '2.4-alpine': 'alpine' }),
  cmd: ['httpd-foreground'],
  exposedPorts: [80],
  workdir: '/usr/local/apache2',
  stopSignal: 'SIGTERM',
  files: () => files,
  programs: { 'httpd-foreground': httpdProgram, httpd: httpdProgram },
  userland: debianUserland({ 'httpd-foreground': httpdProgram }),
  usage: { cpuMillis: 1, memoryMiB: 12 },
});
