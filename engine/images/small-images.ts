import { defineImage, exitOnStop, flagOf, idleProgram, tagsOf } from './define-image.ts';
import { httpReply } from './http-reply.ts';
import type { ImageProgram } from './image-program.ts';
import { busyboxUserland } from './userland/userlands.ts';

export const pause = defineImage({
  repository: 'registry.k8s.io/pause',
  tags: tagsOf({ '3.9': 0.32, '3.10': 0.32, '3.10.1': 0.32 }),
  entrypoint: ['/pause'],
  programs: { '/pause': idleProgram },
  usage: { cpuMillis: 0, memoryMiB: 1 },
});

/** Answers every request with one text. */
const echoProgram: ImageProgram<{ text: string }> = {
  initialState: () => ({ text: '' }),
  start(p) {
    const text = flagOf(p.argv, 'text');
    if (text === undefined) {
      p.log('Missing -text option!', 'stderr');
      p.exit(127);
      return;
    }
    p.state.text = text;
    const listen = flagOf(p.argv, 'listen') ?? ':5678';
    p.listen(Number(listen.slice(listen.lastIndexOf(':') + 1)));
    p.log(`[INFO] server is listening on ${listen}`, 'stderr');
  },
  onSignal: exitOnStop,
  http: (p, request) => (request.path === '/health' ? httpReply(200, '{"status":"ok"}\n') : httpReply(200, `${p.state.text}\n`)),
};

export const httpEcho = defineImage({
  repository: 'docker.io/hashicorp/http-echo',
  tags: tagsOf({ latest: 3.1, '0.2.3': 1.7 }, { '1.0': 'latest', '1.0.0': 'latest', '1': 'latest' }),
  entrypoint: ['/http-echo'],
  exposedPorts: [5678],
  programs: { '/http-echo': echoProgram },
  usage: { cpuMillis: 1, memoryMiB: 4 },
});

/** Says hello and ends. */
const helloProgram: ImageProgram = {
  initialState: () => ({}),
  start(p) {
    p.log(
      '\nHello from a container.\nThe runtime pulled the image, made a container from it and ran its one program, which wrote these lines.\n',
    );
    p.exit(0);
  },
};

export const helloWorld = defineImage({
  repository: 'docker.io/library/hello-world',
  tags: tagsOf({ latest: 0.01 }, { linux: 'latest' }),
  cmd: ['/hello'],
  programs: { '/hello': helloProgram },
  usage: { cpuMillis: 0, memoryMiB: 1 },
});

interface LoadState {
  readonly url: { readonly host: string; readonly port: number; readonly path: string };
  sent: number;
  failed: number;
}

const loadTickMs = 1000;

/** Sends requests at a steady rate: `load --url=http://web/ --rps=50`. Reports once in ten seconds. */
const loadProgram: ImageProgram<LoadState> = {
  initialState: () => ({ url: { host: '', port: 80, path: '/' }, sent: 0, failed: 0 }),
  start(p) {
    p.setTimer('tick', loadTickMs);
  },
  onSignal: exitOnStop,
  onTimer(p) {
    const parts = /^(?:http:\/\/)?([^/:]+)(?::(\d+))?(\/.*)?$/.exec(flagOf(p.argv, 'url') ?? '');
    const rate = Number(flagOf(p.argv, 'rps') ?? 10);
    for (let i = 0; i < rate && parts; i++) {
      const outcome = p.connect(parts[1] as string, Number(parts[2] ?? 80), {
        kind: 'http',
        method: 'GET',
        path: parts[3] ?? '/',
        headers: { 'User-Agent': 'load' },
        body: '',
      });
      p.state.sent++;
      if (outcome.kind !== 'http' || outcome.response.status >= 500) p.state.failed++;
    }
    if (Math.floor(p.now / loadTickMs) % 10 === 0) p.log(`${p.state.sent} requests, ${p.state.failed} failed`);
    p.setTimer('tick', loadTickMs);
  },
};

export const load = defineImage({
  repository: 'docker.io/kube40/load',
  tags: tagsOf({ latest: 4.2, '1.0': 4.2 }),
  entrypoint: ['load'],
  programs: { load: loadProgram },
  userland: busyboxUserland({ load: loadProgram }),
  usage: { cpuMillis: 5, memoryMiB: 8 },
});
