import type { Exchange, Outcome } from '../images/exchange.ts';
import type {
  V1Container,
  V1ExecAction,
  V1GRPCAction,
  V1HTTPGetAction,
  V1SleepAction,
  V1TCPSocketAction,
} from '../schema/generated/models.ts';
import type { Millis } from '../sim/simulation.ts';
import type { KubeletOptions } from './kubelet-options.ts';
import type { PodWorker } from './kubelet-state.ts';

/** The actions that probes and hooks have in common. */
export interface Handler {
  readonly exec?: V1ExecAction;
  readonly httpGet?: V1HTTPGetAction;
  readonly tcpSocket?: V1TCPSocketAction;
  readonly grpc?: V1GRPCAction;
  readonly sleep?: V1SleepAction;
}

export interface HandlerOutcome {
  /** What went wrong, in the words of the kubelet; absent is success. */
  readonly problem: string | undefined;
  readonly tookMs: Millis;
  /** Until when the same action gives the same outcome, if nothing happens to the container. */
  readonly stableUntilMs: Millis;
}

const forEver = Number.POSITIVE_INFINITY;

/** Runs one probe or hook. Kubernetes: pkg/probe, pkg/kubelet/lifecycle/handlers.go (1.36). */
export function runHandler(
  options: KubeletOptions,
  worker: PodWorker,
  container: V1Container,
  containerId: string,
  handler: Handler,
): HandlerOutcome {
  if (handler.exec) return runExec(options, containerId, handler.exec.command ?? []);
  if (handler.sleep) return { problem: undefined, tookMs: handler.sleep.seconds * 1000, stableUntilMs: forEver };
  const address = options.runtime.sandbox(worker.sandboxId ?? '')?.address ?? '';
  if (handler.httpGet) return runHttp(options, container, address, handler.httpGet);
  if (handler.grpc) return runGrpc(options, address, handler.grpc);
  if (handler.tcpSocket) return runTcp(options, container, address, handler.tcpSocket);
  return { problem: 'missing probe handler', tookMs: 0, stableUntilMs: forEver };
}

function runExec({ runtime }: KubeletOptions, containerId: string, command: readonly string[]): HandlerOutcome {
  const { stdout, stderr, exitCode, tookMs = 0, stableUntilMs = forEver } = runtime.exec(containerId, command);
  const output = stdout + stderr;
  return {
    problem: exitCode === 0 ? undefined : output === '' ? `command terminated with exit code ${exitCode}` : output,
    tookMs,
    stableUntilMs,
  };
}

function runHttp(options: KubeletOptions, container: V1Container, address: string, action: V1HTTPGetAction): HandlerOutcome {
  const port = portOf(container, action.port);
  if (port === undefined) return wrongPort(action.port);
  const host = action.host ?? address;
  const path = action.path ?? '/';
  const headers: Record<string, string> = { 'User-Agent': 'kube-probe/1.36', Accept: '*/*', Connection: 'close', Host: `${host}:${port}` };
  for (const { name, value } of action.httpHeaders ?? []) headers[name] = value;
  const outcome = send(options, host, port, { kind: 'http', method: 'GET', path, headers, body: '', tls: action.scheme === 'HTTPS' });
  const url = `${(action.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${path.startsWith('/') ? '' : '/'}${path}`;
  if (outcome.kind !== 'http') return { problem: `Get "${url}": ${dialProblem(outcome, host, port)}`, tookMs: 0, stableUntilMs: forEver };
  const { status, tookMs = 0, stableUntilMs = forEver } = outcome.response;
  return { problem: status >= 200 && status < 400 ? undefined : `HTTP probe failed with statuscode: ${status}`, tookMs, stableUntilMs };
}

function runTcp(options: KubeletOptions, container: V1Container, address: string, action: V1TCPSocketAction): HandlerOutcome {
  const port = portOf(container, action.port);
  if (port === undefined) return wrongPort(action.port);
  const host = action.host ?? address;
  const outcome = send(options, host, port, { kind: 'tcp', data: '' });
  return { problem: outcome.kind === 'failed' ? dialProblem(outcome, host, port) : undefined, tookMs: 0, stableUntilMs: forEver };
}

function runGrpc(options: KubeletOptions, address: string, { port, service = '' }: V1GRPCAction): HandlerOutcome {
  const exchange: Exchange = {
    kind: 'http',
    method: 'POST',
    path: '/grpc.health.v1.Health/Check',
    headers: { 'content-type': 'application/grpc' },
    body: service,
  };
  const outcome = send(options, address, port, exchange);
  if (outcome.kind !== 'http') {
    return {
      problem: `timeout: failed to connect service "${address}:${port}" within 1s: context deadline exceeded`,
      tookMs: 0,
      stableUntilMs: forEver,
    };
  }
  const { status, tookMs = 0, stableUntilMs = forEver } = outcome.response;
  return { problem: status === 200 ? undefined : 'service unhealthy (responded with "NOT_SERVING")', tookMs, stableUntilMs };
}

function send({ network, node }: KubeletOptions, host: string, port: number, exchange: Exchange): Outcome {
  return network.connect({ node, address: network.node(node)?.address ?? '' }, host, port, exchange).outcome;
}

function dialProblem(outcome: Outcome, host: string, port: number): string {
  const failure = outcome.kind === 'failed' ? outcome.failure : 'reset';
  switch (failure) {
    case 'refused':
      return `dial tcp ${host}:${port}: connect: connection refused`;
    case 'unknown-host':
      return `dial tcp: lookup ${host}: no such host`;
    case 'unreachable':
      return `dial tcp ${host}:${port}: connect: no route to host`;
    case 'reset':
      return `read tcp ${host}:${port}: read: connection reset by peer`;
    case 'timeout':
      return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  }
}

function portOf(container: V1Container, port: string | number | undefined): number | undefined {
  if (typeof port === 'number') return port;
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  return named ?? (port !== undefined && /^\d+$/.test(port) ? Number(port) : undefined);
}

function wrongPort(port: string | number | undefined): HandlerOutcome {
  return { problem: `strconv.Atoi: parsing "${port}": invalid syntax`, tookMs: 0, stableUntilMs: forEver };
}
