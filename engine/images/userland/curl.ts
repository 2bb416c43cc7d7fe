import type { Outcome } from '../exchange.ts';
import { statusText } from '../http-reply.ts';
import type { ProgramContext } from '../image-program.ts';
import { type Command, failed, ok, pathIn } from './command.ts';
import { addHeader, addressOf, urlOf } from './url.ts';

interface CurlOptions {
  readonly urls: string[];
  method: string | undefined;
  readonly headers: Record<string, string>;
  body: string | undefined;
  silent: boolean;
  showError: boolean;
  fail: boolean;
  head: boolean;
  include: boolean;
  output: string | undefined;
  format: string | undefined;
  timeoutMs: number;
}

const curlDefaultTimeoutMs = 130_000;

export const curl: Command = ({ p, argv, workdir }) => {
  const options = curlOptions(argv);
  const url = options.urls[0];
  if (url === undefined) return failed('curl: (2) no URL specified', 2);
  const { host, port, path, tls } = urlOf(url);
  const method = options.method ?? (options.head ? 'HEAD' : options.body === undefined ? 'GET' : 'POST');
  const headers = { Host: port === 80 ? host : `${host}:${port}`, 'User-Agent': 'curl/8.14.1', Accept: '*/*', ...options.headers };
  const outcome = p.connect(host, port, { kind: 'http', method, path, headers, body: options.body ?? '', tls });
  if (outcome.kind !== 'http') {
    const { code, text, tookMs } = curlFailure(p, outcome, { host, port }, options.timeoutMs);
    return {
      stdout: options.format ? formatOut(options.format, '000') : '',
      stderr: options.silent && !options.showError ? '' : `curl: (${code}) ${text}\n`,
      exitCode: code,
      tookMs,
    };
  }
  const { response } = outcome;
  if (options.fail && response.status >= 400)
    return failed(options.silent && !options.showError ? '' : `curl: (22) The requested URL returned error: ${response.status}`, 22);
  const heading =
    options.head || options.include
      ? `HTTP/1.1 ${response.status} ${statusText(response.status)}\n${Object.entries(response.headers)
          .map(([name, value]) => `${name}: ${value}\n`)
          .join('')}\n`
      : '';
  const shown = heading + (options.head ? '' : response.body);
  if (options.output !== undefined && options.output !== '/dev/null') p.files.write(pathIn(workdir, options.output), shown);
  return ok(
    (options.output === undefined ? shown : '') + (options.format ? formatOut(options.format, String(response.status)) : ''),
    response.tookMs ?? 0,
  );
};

const shortNames: Readonly<Record<string, string>> = {
  X: 'request',
  d: 'data',
  o: 'output',
  w: 'write-out',
  m: 'max-time',
  H: 'header',
  A: 'user-agent',
  s: 'silent',
  S: 'show-error',
  f: 'fail',
  I: 'head',
  i: 'include',
};
const takesValue = new Set([
  'request',
  'data',
  'output',
  'write-out',
  'max-time',
  'connect-timeout',
  'header',
  'user-agent',
  'retry',
  'retry-delay',
]);

function curlOptions(argv: readonly string[]): CurlOptions {
  const options: CurlOptions = {
    urls: [],
    method: undefined,
    headers: {},
    body: undefined,
    silent: false,
    showError: false,
    fail: false,
    head: false,
    include: false,
    output: undefined,
    format: undefined,
    timeoutMs: curlDefaultTimeoutMs,
  };
  for (let i = 1; i < argv.length; i++) {
    const text = argv[i] as string;
    if (text.startsWith('--')) {
      const name = text.slice(2);
      setOption(options, name, takesValue.has(name) ? (argv[++i] ?? '') : '');
    } else if (text.startsWith('-') && text.length > 1) {
      for (let at = 1; at < text.length; at++) {
        const name = shortNames[text[at] as string] ?? '';
        if (!takesValue.has(name)) {
          setOption(options, name, '');
          continue;
        }
        setOption(options, name, at + 1 < text.length ? text.slice(at + 1) : (argv[++i] ?? ''));
        break;
      }
    } else options.urls.push(text);
  }
  return options;
}

function setOption(options: CurlOptions, name: string, value: string): void {
  switch (name) {
    case 'request':
      options.method = value;
      break;
    case 'data':
      options.body = value;
      break;
    case 'output':
      options.output = value;
      break;
    case 'write-out':
      options.format = value;
      break;
    case 'max-time':
    case 'connect-timeout':
      options.timeoutMs = Number(value) * 1000;
      break;
    case 'header':
      addHeader(options.headers, value);
      break;
    case 'user-agent':
      options.headers['User-Agent'] = value;
      break;
    case 'silent':
      options.silent = true;
      break;
    case 'show-error':
      options.showError = true;
      break;
    case 'fail':
      options.fail = true;
      break;
    case 'head':
      options.head = true;
      break;
    case 'include':
      options.include = true;
      break;
    default:
  }
}

function formatOut(format: string, status: string): string {
  return format.replaceAll('%{http_code}', status).replaceAll('%{response_code}', status).replaceAll('\\n', '\n');
}

function curlFailure(
  p: ProgramContext,
  outcome: Outcome,
  { host, port }: { readonly host: string; readonly port: number },
  timeoutMs: number,
): { code: number; text: string; tookMs: number } {
  const failure = outcome.kind === 'failed' ? outcome.failure : 'reset';
  switch (failure) {
    case 'unknown-host':
      return { code: 6, text: `Could not resolve host: ${host}`, tookMs: 0 };
    case 'refused':
      return { code: 7, text: `Failed to connect to ${host} port ${port} after 0 ms: Could not connect to server`, tookMs: 0 };
    case 'unreachable':
      return { code: 7, text: `Failed to connect to ${addressOf(p, host)} port ${port} after 0 ms: No route to host`, tookMs: 0 };
    case 'timeout':
      return timeoutMs < curlDefaultTimeoutMs
        ? { code: 28, text: `Connection timed out after ${timeoutMs} milliseconds`, tookMs: timeoutMs }
        : {
            code: 28,
            text: `Failed to connect to ${host} port ${port} after ${timeoutMs} ms: Could not connect to server`,
            tookMs: timeoutMs,
          };
    case 'reset':
      return { code: 52, text: 'Empty reply from server', tookMs: 0 };
  }
}
