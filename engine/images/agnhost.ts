import { defineImage, exitOnStop, flagOf, tagsOf } from './define-image.ts';
import type { HttpRequest, HttpResponse } from './exchange.ts';
import { httpReply } from './http-reply.ts';
import type { ImageProgram, ProgramContext } from './image-program.ts';
import { alpineUserland } from './userland/userlands.ts';

interface AgnhostState {
  mode: string;
  exitCode: number;
}

const livenessGoodMs = 10_000;

/** Kubernetes' test server: several small servers behind one command line. Kubernetes: test/images/agnhost. */
export const agnhostProgram: ImageProgram<AgnhostState> = {
  initialState: () => ({ mode: 'pause', exitCode: 0 }),
  start(p) {
    const words = p.argv.filter((text) => !text.startsWith('-'));
    p.state.mode = words[0]?.endsWith('agnhost') ? (words[1] ?? 'pause') : (words[0] ?? 'pause');
    switch (p.state.mode) {
      case 'pause':
        p.log('Paused');
        break;
      case 'liveness':
        p.listen(8080);
        break;
      case 'serve-hostname':
        p.listen(Number(flagOf(p.argv, 'port') ?? 9376));
        p.log('Serving on port 9376.');
        break;
      case 'test-webserver':
        p.listen(Number(flagOf(p.argv, 'port') ?? 80));
        break;
      case 'netexec':
        p.listen(Number(flagOf(p.argv, 'http-port') ?? 8080));
        p.listen(Number(flagOf(p.argv, 'udp-port') ?? 8081), 'UDP');
        p.log(`Started HTTP server on port ${flagOf(p.argv, 'http-port') ?? 8080}`, 'stderr');
        break;
      default:
        p.log(`Error: unknown command "${p.state.mode}" for "app"\nRun 'app --help' for usage.`, 'stderr');
        p.exit(1);
    }
  },
  onSignal: exitOnStop,
  onTimer(p) {
    p.exit(p.state.exitCode);
  },
  http(p, request) {
    switch (p.state.mode) {
      case 'liveness':
        return liveness(p, request);
      case 'serve-hostname':
        return httpReply(200, `${p.hostname}\n`);
      case 'netexec':
        return netexec(p, request);
      default:
        return httpReply(request.path === '/' ? 200 : 404, request.path === '/' ? '<pre>\n</pre>\n' : '404 page not found\n');
    }
  },
};

/** Healthy for ten seconds, broken for ever after. */
function liveness(p: ProgramContext, request: HttpRequest): HttpResponse {
  if (request.path !== '/healthz') return httpReply(200, 'hello\n');
  const ageMs = p.now - p.startedAtMs;
  if (ageMs > livenessGoodMs) return httpReply(500, `error: ${(ageMs / 1000).toFixed(6)}`);
  return httpReply(200, 'ok', {}, p.startedAtMs + livenessGoodMs + 1);
}

function netexec(p: ProgramContext<AgnhostState>, request: HttpRequest): HttpResponse {
  const [path = '/', query = ''] = request.path.split('?');
  const parameters = new Map(
    query
      .split('&')
      .filter(Boolean)
      .map((pair): [string, string] => [decodeURIComponent(pair.split('=')[0] ?? ''), decodeURIComponent(pair.split('=')[1] ?? '')]),
  );
  switch (path) {
    case '/hostname':
    case '/hostName':
      return httpReply(200, p.hostname);
    case '/healthz':
      return httpReply(200, 'ok');
    case '/clientip':
      return httpReply(200, `${request.clientAddress}:40000`);
    case '/echo':
      return httpReply(Number(parameters.get('code') ?? 200), parameters.get('msg') ?? '');
    case '/header':
      return httpReply(200, request.headers[parameters.get('key') ?? ''] ?? '');
    case '/exit':
      p.state.exitCode = Number(parameters.get('code') ?? 0);
      p.setTimer('exit', 0);
      return httpReply(200, '');
    case '/':
      return httpReply(200, `NOW: ${p.now}`);
    default:
      return httpReply(404, '404 page not found\n');
  }
}

export const agnhost = defineImage({
  repository: 'registry.k8s.io/e2e-test-images/agnhost',
  tags: tagsOf({ '2.39': 51.1, '2.40': 51.2, '2.47': 52.6, '2.53': 53.1, '2.56': 54.0, '2.59': 54.4 }),
  entrypoint: ['/agnhost'],
  cmd: ['pause'],
  exposedPorts: [],
  programs: { '/agnhost': agnhostProgram, agnhost: agnhostProgram },
  userland: alpineUserland({ agnhost: agnhostProgram }),
  usage: { cpuMillis: 1, memoryMiB: 8 },
});

/** A TCP listener on port 8080 and nothing else. */
const goproxyProgram: ImageProgram = {
  initialState: () => ({}),
  start(p) {
    p.listen(8080);
  },
  onSignal: exitOnStop,
  tcp: () => '',
};

export const goproxy = defineImage({
  repository: 'registry.k8s.io/goproxy',
  tags: tagsOf({ '0.1': 1.7 }),
  entrypoint: ['/goproxy'],
  programs: { '/goproxy': goproxyProgram },
  usage: { cpuMillis: 1, memoryMiB: 4 },
});
