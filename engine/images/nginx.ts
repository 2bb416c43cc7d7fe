import { formatTime } from '../sim/simulation.ts';
import { defineImage, tagsOf } from './define-image.ts';
import type { HttpRequest, HttpResponse } from './exchange.ts';
import { httpReply, logTime, statusText } from './http-reply.ts';
import type { ImageProgram, ProgramContext } from './image-program.ts';
import { readServerConfig, type ServerConfig } from './nginx-config.ts';
import { alpineUserland, debianUserland } from './userland/userlands.ts';

const versions: Readonly<Record<string, string>> = {
  latest: '1.29.4',
  stable: '1.28.1',
  mainline: '1.29.4',
  alpine: '1.29.4',
  'stable-alpine': '1.28.1',
  '1.29': '1.29.4',
  '1.28': '1.28.1',
  '1.27': '1.27.5',
  '1.26': '1.26.3',
  '1.25': '1.25.5',
  '1.24': '1.24.0',
  '1.23': '1.23.4',
  '1.22': '1.22.1',
  '1.21': '1.21.6',
  '1.20': '1.20.2',
};

interface NginxState {
  /** Read at start and on SIGHUP, as the real one does. */
  servers: readonly ServerConfig[];
}

/** nginx: serves files below the document root; one access line per request. Kubernetes: image docker.io/library/nginx. */
export const nginxProgram: ImageProgram<NginxState> = {
  initialState: () => ({ servers: [] }),
  start(p) {
    startUpLines(p);
    const config = readServerConfig(p.files);
    if (config.kind === 'broken') {
      p.log(`${errorTime(p)} [emerg] 1#1: ${config.message}`, 'stderr');
      p.log(`nginx: [emerg] ${config.message}`, 'stderr');
      p.exit(1);
      return;
    }
    if (p.user !== 0) {
      const message = 'mkdir() "/var/cache/nginx/client_temp" failed (13: Permission denied)';
      p.log(`nginx: [emerg] ${message}`, 'stderr');
      p.exit(1);
      return;
    }
    p.state.servers = config.servers;
    for (const { port } of config.servers) p.listen(port);
    p.log(`${errorTime(p)} [notice] 1#1: start worker processes`, 'stderr');
  },
  onSignal(p, signal) {
    if (signal === 'SIGHUP') {
      const config = readServerConfig(p.files);
      if (config.kind === 'ready') p.state.servers = config.servers;
      for (const { port } of p.state.servers) p.listen(port);
      return;
    }
    if (signal !== 'SIGTERM' && signal !== 'SIGQUIT' && signal !== 'SIGINT') return;
    p.log(
      `${errorTime(p)} [notice] 1#1: signal ${signal === 'SIGQUIT' ? '3 (SIGQUIT)' : '15 (SIGTERM)'} received, ${signal === 'SIGQUIT' ? 'shutting down' : 'exiting'}`,
      'stderr',
    );
    p.exit(0);
  },
  http: serve,
};

function startUpLines(p: ProgramContext): void {
  p.log('/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration');
  p.log('/docker-entrypoint.sh: Configuration complete; ready for start up');
  p.log(`${errorTime(p)} [notice] 1#1: using the "epoll" event method`, 'stderr');
  p.log(`${errorTime(p)} [notice] 1#1: nginx/${versionOf(p.imageTag)}`, 'stderr');
}

function serve(p: ProgramContext<NginxState>, request: HttpRequest): HttpResponse {
  const server = p.state.servers.find(({ port }) => port === request.port) ?? p.state.servers[0];
  const response = server ? answer(p, server, request) : errorPage(p, 404);
  const agent = request.headers['User-Agent'] ?? request.headers['user-agent'] ?? '-';
  p.log(
    `${request.clientAddress} - - [${logTime(formatTime(p.now))}] "${request.method} ${request.path} HTTP/1.1" ${response.status} ${response.body.length} "-" "${agent}" "-"`,
  );
  return response;
}

function answer(p: ProgramContext<NginxState>, server: ServerConfig, request: HttpRequest): HttpResponse {
  const path = request.path.split('?')[0] as string;
  const location = server.locations.filter((known) => path.startsWith(known.prefix)).sort((a, b) => b.prefix.length - a.prefix.length)[0];
  if (location?.reply) return httpReply(location.reply.status, location.reply.body, serverHeader(p));
  if (location?.proxyTo !== undefined) return proxy(p, location.proxyTo, request);
  if (request.method !== 'GET' && request.method !== 'HEAD') return errorPage(p, 405);
  const root = location?.root ?? server.root;
  const names = path.endsWith('/') ? server.index.map((name) => `${path}${name}`) : [path];
  for (const name of names) {
    const content = p.files.read(root + name);
    if (content !== undefined) return httpReply(200, content, { ...serverHeader(p), 'Content-Type': typeOf(name) });
  }
  if (!path.endsWith('/') && p.files.isDirectory(root + path)) return httpReply(301, '', { ...serverHeader(p), Location: `${path}/` });
  const isForbidden = path.endsWith('/') && p.files.isDirectory(root + path);
  const reason = isForbidden
    ? `directory index of "${root}${path}" is forbidden`
    : `open() "${root}${path}" failed (2: No such file or directory)`;
  p.log(
    `${errorTime(p)} [error] 29#29: ${reason}, client: ${request.clientAddress}, server: localhost, request: "${request.method} ${request.path} HTTP/1.1", host: "${request.headers['Host'] ?? ''}"`,
    'stderr',
  );
  return errorPage(p, isForbidden ? 403 : 404);
}

function proxy(p: ProgramContext, to: { readonly host: string; readonly port: number }, request: HttpRequest): HttpResponse {
  const { method, path, headers, body } = request;
  const outcome = p.connect(to.host, to.port, { kind: 'http', method, path, headers, body });
  if (outcome.kind === 'http') return { ...outcome.response, headers: { ...outcome.response.headers, ...serverHeader(p) } };
  return errorPage(p, outcome.kind === 'failed' && outcome.failure === 'timeout' ? 504 : 502);
}

function serverHeader(p: ProgramContext): Readonly<Record<string, string>> {
  return { Server: `nginx/${versionOf(p.imageTag)}` };
}

function errorPage(p: ProgramContext, status: number): HttpResponse {
  const title = `${status} ${statusText(status)}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/${versionOf(p.imageTag)}</center>\r\n</body>\r\n</html>\r\n`;
  return httpReply(status, body, { ...serverHeader(p), 'Content-Type': 'text/html' });
}

function typeOf(name: string): string {
  if (name.endsWith('.html')) return 'text/html';
  if (name.endsWith('.css')) return 'text/css';
  if (name.endsWith('.js')) return 'application/javascript';
  return name.endsWith('.json') ? 'application/json' : name.endsWith('.txt') ? 'text/plain' : 'application/octet-stream';
}

function errorTime(p: ProgramContext): string {
  const text = formatTime(p.now);
  return `${text.slice(0, 10).replaceAll('-', '/')} ${text.slice(11, 19)}`;
}

/** `1.23.4-alpine` is version 1.23.4; `alpine` the newest. */
function versionOf(tag: string): string {
  const known = versions[tag];
  if (known) return known;
  const bare = tag.replace(/-.*$/, '');
  return versions[bare] ?? bare;
}

const welcome = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>This page says that the web server is up and serves its default files. Put your own into place to replace it.</p>
</body>
</html>
`;

const files: Readonly<Record<string, string>> = Object.freeze({
  '/usr/share/nginx/html/index.html': welcome,
  '/usr/share/nginx/html/50x.html':
    '<!DOCTYPE html>\n<html>\n<head><title>Error</title></head>\n<body><h1>An error occurred.</h1></body>\n</html>\n',
  '/etc/nginx/nginx.conf':
    'user  nginx;\nworker_processes  auto;\n\nhttp {\n    include       /etc/nginx/mime.types;\n    include /etc/nginx/conf.d/*.conf;\n}\n',
  '/etc/nginx/conf.d/default.conf':
    'server {\n    listen       80;\n    server_name  localhost;\n\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n}\n',
  '/var/log/nginx/': '',
  '/var/cache/nginx/': '',
  '/run/': '',
});

const debianSizes = {
  latest: 62.9,
  '1.29': 62.9,
  '1.28': 62.4,
  '1.27': 72.4,
  '1.26': 71.6,
  '1.25': 70.5,
  '1.24': 56.8,
  '1.23.4': 56.9,
  '1.23.3': 56.9,
  '1.23.2': 56.9,
  '1.23.1': 56.8,
  '1.23.0': 56.7,
  '1.22': 56.8,
  '1.21': 56.7,
  '1.20': 53.6,
  '1.27.0': 71.0,
  '1.25.5': 70.5,
  '1.14.2': 44.7,
  '1.16.1': 51.0,
  '1.7.9': 39.9,
  '1.9.1': 50.6,
};
const debianAliases = {
  mainline: 'latest',
  stable: '1.28',
  '1': 'latest',
  '1.23': '1.23.4',
  '1.29.4': '1.29',
  '1.28.1': '1.28',
  '1.27.5': '1.27',
  '1.26.3': '1.26',
  '1.24.0': '1.24',
  '1.22.1': '1.22',
  '1.21.6': '1.21',
  '1.20.2': '1.20',
};
const alpineSizes = {
  alpine: 22.6,
  '1.28-alpine': 22.4,
  '1.27-alpine': 20.5,
  '1.26-alpine': 19.4,
  '1.25-alpine': 18.9,
  '1.24-alpine': 17.2,
  '1.23.4-alpine': 16.6,
  '1.23.3-alpine': 16.6,
  '1.23.0-alpine': 10.2,
  '1.22-alpine': 10.3,
  '1.21-alpine': 10.1,
  '1.20-alpine': 9.9,
};
const alpineAliases = {
  '1.29-alpine': 'alpine',
  'mainline-alpine': 'alpine',
  'stable-alpine': '1.28-alpine',
  '1.23-alpine': '1.23.4-alpine',
};

const debian = debianUserland({ nginx: nginxProgram });
const alpine = alpineUserland({ nginx: nginxProgram });

export const nginx = defineImage({
  repository: 'docker.io/library/nginx',
  tags: [...tagsOf(debianSizes, debianAliases), ...tagsOf(alpineSizes, alpineAliases)],
  entrypoint: ['/docker-entrypoint.sh'],
  cmd: ['nginx', '-g', 'daemon off;'],
  exposedPorts: [80],
  stopSignal: 'SIGQUIT',
  programs: { nginx: nginxProgram, '/docker-entrypoint.sh': nginxProgram, '/usr/sbin/nginx': nginxProgram },
  userland: debian,
  userlandOf: (tag) => (tag.includes('alpine') ? alpine : debian),
  files: () => files,
  usage: { cpuMillis: 1, memoryMiB: 8 },
});
