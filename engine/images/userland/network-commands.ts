import type { Exchange, HttpResponse } from '../exchange.ts';
import { statusText } from '../http-reply.ts';
import type { ProgramContext } from '../image-program.ts';
import { type Command, failed, ok, pathIn } from './command.ts';
import { curl } from './curl.ts';
import { isIpv4 } from './ipv4.ts';
import { addHeader, addressOf, urlOf } from './url.ts';

const wgetDefaultTimeoutMs = 130_000;

/** busybox wget. */
const wget: Command = ({ p, argv, workdir }) => {
  const { url, quiet, spider, output, timeoutMs, headers, body } = wgetOptions(argv);
  if (url === undefined) return failed('wget: missing URL');
  const target = urlOf(url);
  const exchange: Exchange = {
    kind: 'http',
    method: body === undefined ? 'GET' : 'POST',
    path: target.path,
    headers: { Host: target.port === 80 ? target.host : `${target.host}:${target.port}`, 'User-Agent': 'Wget', ...headers },
    body: body ?? '',
    tls: target.tls,
  };
  const outcome = p.connect(target.host, target.port, exchange);
  if (outcome.kind === 'failed' && outcome.failure === 'unknown-host')
    return failed(`wget: bad address '${target.host}${target.port === 80 ? '' : `:${target.port}`}'`);
  const address = addressOf(p, target.host);
  const connecting = quiet
    ? ''
    : `Connecting to ${target.host === address ? `${address}:${target.port}` : `${target.host} (${address}:${target.port})`}\n`;
  if (outcome.kind !== 'http') {
    const failure = outcome.kind === 'failed' ? outcome.failure : 'reset';
    if (failure === 'timeout')
      return {
        stdout: '',
        stderr: `${connecting}wget: ${timeoutMs < wgetDefaultTimeoutMs ? 'download timed out' : `can't connect to remote host (${address}): Connection timed out`}\n`,
        exitCode: 1,
        tookMs: timeoutMs,
      };
    return failed(
      `${connecting}wget: ${failure === 'reset' ? 'error getting response' : `can't connect to remote host (${address}): ${failure === 'refused' ? 'Connection refused' : 'No route to host'}`}`,
    );
  }
  const { status, body: content, tookMs = 0 } = outcome.response;
  if (status >= 400) return failed(`${connecting}wget: server returned error: HTTP/1.1 ${status} ${statusText(status)}`);
  if (spider) return { stdout: '', stderr: `${connecting}${quiet ? '' : 'remote file exists\n'}`, exitCode: 0 };
  return saved({ p, workdir, quiet, output, path: target.path, connecting, response: outcome.response, content, tookMs });
};

interface Saving {
  readonly p: ProgramContext;
  readonly workdir: string;
  readonly quiet: boolean;
  readonly output: string | undefined;
  readonly path: string;
  readonly connecting: string;
  readonly response: HttpResponse;
  readonly content: string;
  readonly tookMs: number;
}

function saved({ p, workdir, quiet, output, path, connecting, content, tookMs }: Saving): ReturnType<Command> {
  if (output === '-') {
    return {
      stdout: content,
      stderr: quiet
        ? ''
        : `${connecting}writing to stdout\n-                    100% |********************************| ${String(content.length).padStart(5)}  0:00:00 ETA\nwritten to stdout\n`,
      exitCode: 0,
      tookMs,
    };
  }
  const name = output ?? (path.split('?')[0]?.split('/').at(-1) || 'index.html');
  const problem = name === '/dev/null' ? undefined : p.files.write(pathIn(workdir, name), content);
  if (problem !== undefined) return failed(`${connecting}wget: can't open '${name}': ${problem}`);
  return {
    stdout: '',
    stderr: quiet
      ? ''
      : `${connecting}saving to '${name}'\n${name.padEnd(20)} 100% |********************************| ${String(content.length).padStart(5)}  0:00:00 ETA\n'${name}' saved\n`,
    exitCode: 0,
    tookMs,
  };
}

interface WgetOptions {
  readonly url: string | undefined;
  readonly quiet: boolean;
  readonly spider: boolean;
  readonly output: string | undefined;
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

function wgetOptions(argv: readonly string[]): WgetOptions {
  const headers: Record<string, string> = {};
  let url: string | undefined;
  let quiet = false;
  let spider = false;
  let output: string | undefined;
  let body: string | undefined;
  let timeoutMs = wgetDefaultTimeoutMs;
  for (let i = 1; i < argv.length; i++) {
    const text = argv[i] as string;
    const [name, value] = text.startsWith('--') ? (text.split(/=(.*)/s) as [string, string | undefined]) : [text, undefined];
    if (name === '--spider') spider = true;
    else if (name === '--timeout') timeoutMs = Number(value ?? argv[++i]) * 1000;
    else if (name === '--header') addHeader(headers, value ?? argv[++i] ?? '');
    else if (name === '--post-data') body = value ?? argv[++i];
    else if (name === '--output-document') output = value ?? argv[++i];
    else if (text.startsWith('--')) continue;
    else if (text.startsWith('-') && text.length > 1) {
      for (let at = 1; at < text.length; at++) {
        const letter = text[at];
        if (letter === 'q') quiet = true;
        else if (letter === 'O' || letter === 'T' || letter === 'o') {
          const argument = at + 1 < text.length ? text.slice(at + 1) : (argv[++i] ?? '');
          if (letter === 'O') output = argument;
          else if (letter === 'T') timeoutMs = Number(argument) * 1000;
          break;
        }
      }
    } else url ??= text;
  }
  return { url, quiet, spider, output, timeoutMs, headers, body };
}

const nc: Command = ({ p, argv, stdin }) => {
  const operands = argv.slice(1).filter((text) => !text.startsWith('-'));
  const timeoutFlag = argv.indexOf('-w');
  const timeoutMs = timeoutFlag > 0 ? Number(argv[timeoutFlag + 1]) * 1000 : 130_000;
  const [host = '', port = ''] =
    timeoutFlag > 0
      ? operands.filter((text) => text !== argv[timeoutFlag + 1] || Number.isNaN(Number(text))).concat(operands.slice(-1))
      : operands;
  const isVerbose = argv.some((text) => /^-[a-z]*v/.test(text));
  const outcome = p.connect(host, Number(port), { kind: 'tcp', data: stdin });
  if (outcome.kind === 'tcp')
    return { stdout: outcome.data, stderr: isVerbose ? `${host} (${addressOf(p, host)}:${port}) open\n` : '', exitCode: 0 };
  const failure = outcome.kind === 'failed' ? outcome.failure : 'reset';
  if (failure === 'unknown-host') return failed(`nc: bad address '${host}'`);
  const text = failure === 'timeout' ? 'Connection timed out' : failure === 'refused' ? 'Connection refused' : 'No route to host';
  return { ...failed(`nc: ${host} (${addressOf(p, host)}:${port}): ${text}`), ...(failure === 'timeout' && { tookMs: timeoutMs }) };
};

const nslookup: Command = ({ p, argv }) => {
  const [name = ''] = argv.slice(1).filter((text) => !text.startsWith('-'));
  const server = /nameserver (\S+)/.exec(p.files.read('/etc/resolv.conf') ?? '')?.[1] ?? '';
  const addresses = p.lookup(name);
  const isOld = p.imageTag.startsWith('1.28') || p.imageTag.startsWith('1.27');
  if (isOld) {
    const heading = `Server:    ${server}\nAddress 1: ${server}\n\n`;
    if (!addresses) return failed(`nslookup: can't resolve '${name}'`, 1, heading);
    return ok(`${heading}Name:      ${name}\n${addresses.map((address, index) => `Address ${index + 1}: ${address}\n`).join('')}`);
  }
  const heading = `Server:\t\t${server}\nAddress:\t${server}:53\n\n${aliasesOf(p, name)}`;
  if (!addresses && heading.includes('canonical name')) return ok(`${heading}\n`);
  if (!addresses) return { stdout: `${heading}** server can't find ${name}: NXDOMAIN\n\n`, stderr: '', exitCode: 1 };
  return ok(`${heading}${addresses.map((address) => `Name:\t${name}\nAddress: ${address}\n`).join('')}\n`);
};

/** A line for each alias on the way from the name to its addresses. */
function aliasesOf(p: ProgramContext, name: string): string {
  const search = /^search (.*)$/m.exec(p.files.read('/etc/resolv.conf') ?? '')?.[1]?.split(' ') ?? [];
  for (const full of [...search.map((domain) => `${name}.${domain}`), name]) {
    const records = p.query({ name: full, type: 'A' })?.records ?? [];
    if (records.length === 0) continue;
    return records.flatMap(({ name: of, type, value }) => (type === 'CNAME' ? [`${of}\tcanonical name = ${value}\n`] : [])).join('');
  }
  return '';
}

const ping: Command = ({ p, argv }) => {
  const host = argv.slice(1).filter((text) => !text.startsWith('-') && !/^\d+$/.test(text))[0] ?? '';
  const address = isIpv4(host) ? host : p.lookup(host)?.[0];
  if (address === undefined) return failed(`ping: bad address '${host}'`);
  const countFlag = argv.indexOf('-c');
  const count = countFlag > 0 ? Number(argv[countFlag + 1]) : 4;
  const outcome = p.connect(address, 7, { kind: 'tcp', data: '' });
  const answers = outcome.kind !== 'failed' || outcome.failure === 'refused' || outcome.failure === 'reset';
  const replies = answers
    ? Array.from({ length: count }, (_, index) => `64 bytes from ${address}: seq=${index} ttl=63 time=0.1${index} ms\n`).join('')
    : '';
  const summary = `\n--- ${host} ping statistics ---\n${count} packets transmitted, ${answers ? count : 0} packets received, ${answers ? 0 : 100}% packet loss\n`;
  return {
    stdout: `PING ${host} (${address}): 56 data bytes\n${replies}${summary}`,
    stderr: '',
    exitCode: answers ? 0 : 1,
    tookMs: (count - 1) * 1000,
  };
};

export const networkCommands: Readonly<Record<string, Command>> = { wget, nc, nslookup, ping };
/** Images have busybox's tools, curl, both or neither. */
export const curlCommand: Readonly<Record<string, Command>> = { curl };
