import { formatTime } from '../sim/simulation.ts';
import { defineImage, tagsOf } from './define-image.ts';
import type { ImageProgram, ProgramContext } from './image-program.ts';
import { type Command, failed, ok } from './userland/command.ts';
import { debianUserland } from './userland/userlands.ts';

const port = 6379;

interface RedisState {
  /** Strings and lists by key. */
  readonly values: Map<string, string | string[]>;
}

/** Redis: the commands that labs use, over one line per command. */
export const redisProgram: ImageProgram<RedisState> = {
  initialState: () => ({ values: new Map() }),
  start(p) {
    line(p, '# oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');
    line(p, `* Redis version=${versionOf(p.imageTag)}, bits=64, commit=00000000, modified=0, pid=1, just started`);
    p.listen(port);
    line(p, `* Running mode=standalone, port=${port}.`);
    line(p, '* Server initialized');
    line(p, '* Ready to accept connections tcp');
  },
  onSignal(p, signal) {
    if (signal !== 'SIGTERM' && signal !== 'SIGINT') return;
    line(p, `# User requested shutdown...`);
    line(p, '# Redis is now ready to exit, bye bye...');
    p.exit(0);
  },
  tcp: (p, request) => (request.data === '' ? '' : answer(p, request.data)),
};

function line(p: ProgramContext, text: string): void {
  const stamp = formatTime(p.now);
  p.log(`1:M ${stamp.slice(8, 10)} Jan ${stamp.slice(0, 4)} ${stamp.slice(11, 19)}.000 ${text}`);
}

/** Answers one command in the form that redis-cli shows. */
function answer(p: ProgramContext<RedisState>, text: string): string {
  const [name = '', key = '', ...rest] = text.trim().split(/\s+/);
  const { values } = p.state;
  const value = values.get(key);
  const list = Array.isArray(value) ? value : [];
  switch (name.toUpperCase()) {
    case 'PING':
      return key === '' ? 'PONG' : key;
    case 'ECHO':
      return [key, ...rest].join(' ');
    case 'SET':
      values.set(key, rest.join(' '));
      return 'OK';
    case 'GET':
      return typeof value === 'string' ? value : '';
    case 'DEL':
      return String(Number(values.delete(key)));
    case 'EXISTS':
      return String(Number(values.has(key)));
    case 'INCR': {
      const next = String(Number(typeof value === 'string' ? value : 0) + 1);
      values.set(key, next);
      return next;
    }
    case 'RPUSH':
      values.set(key, [...list, ...rest]);
      return String(list.length + rest.length);
    case 'LPOP':
      values.set(key, list.slice(1));
      return list[0] ?? '';
    case 'LLEN':
      return String(list.length);
    case 'DBSIZE':
      return String(values.size);
    case 'INFO':
      return `# Server\nredis_version:${versionOf(p.imageTag)}\nrole:master`;
    default:
      return `(error) ERR unknown command '${name}'`;
  }
}

const client: Command = ({ p, argv, stdin }) => {
  let host = '127.0.0.1';
  let target = port;
  const words: string[] = [];
  for (let i = 1; i < argv.length; i++) {
    if (argv[i] === '-h') host = argv[++i] ?? host;
    else if (argv[i] === '-p') target = Number(argv[++i]);
    else words.push(argv[i] as string);
  }
  const outcome = p.connect(host, target, { kind: 'tcp', data: words.length > 0 ? words.join(' ') : stdin });
  if (outcome.kind === 'tcp') return ok(`${outcome.data}\n`);
  const failure = outcome.kind === 'failed' ? outcome.failure : 'reset';
  if (failure === 'unknown-host') return failed(`Could not connect to Redis at ${host}:${target}: Name or service not known`);
  return failed(
    `Could not connect to Redis at ${host}:${target}: ${failure === 'refused' ? 'Connection refused' : 'Connection timed out'}`,
  );
};

function versionOf(tag: string): string {
  return /^\d+\.\d+\.\d+/.exec(tag)?.[0] ?? (tag.startsWith('7') ? '7.4.7' : tag.startsWith('6') ? '6.2.21' : '8.4.0');
}

const programs = { 'redis-server': redisProgram, 'docker-entrypoint.sh': redisProgram };

export const redis = defineImage({
  repository: 'docker.io/library/redis',
  tags: tagsOf(
    { latest: 52.1, alpine: 29.4, '7': 45.6, '6': 41.3, '7-alpine': 17.2 },
    { '8': 'latest', '8.4': 'latest', '8-alpine': 'alpine', '7.4': '7', '7.2': '7', '6.2': '6', '7.4-alpine': '7-alpine' },
  ),
  entrypoint: ['docker-entrypoint.sh'],
  cmd: ['redis-server'],
  exposedPorts: [port],
  workdir: '/data',
  programs,
  files: () => files,
  userland: debianUserland(programs, { 'redis-cli': client }),
  usage: { cpuMillis: 3, memoryMiB: 10 },
});

const files = Object.freeze({ '/data/': '' });
