import {
  type ClientMessage,
  clientMessageSchema,
  type FileView,
  type ReplyResult,
  type ServerError,
  type ServerMessage,
} from '../../../server/gateway/protocol.ts';
import { fakeGrade, fakeState, fakeYaml, podTrace } from './fake-cluster.ts';

/** The other end of one connection. */
export interface FakeLine {
  send(text: string): void;
}

type Answer = { readonly ok: true; readonly result?: ReplyResult } | { readonly ok: false; readonly error: ServerError };

const prompt = '\u001b[1;32mstudent@kube40\u001b[0m:\u001b[1;34m~\u001b[0m$ ';
const podsTable = [
  'NAME                   READY   STATUS             RESTARTS   AGE     IP           NODE',
  'web-6c8f9d7b54-m2vbn   1/1     Running            0          2m11s   10.244.2.5   node-2',
  'web-6c8f9d7b54-qq8zt   0/1     CrashLoopBackOff   4          2m11s   10.244.2.6   node-2',
  'web-6c8f9d7b54-x7k2p   1/1     Running            0          2m11s   10.244.1.7   node-1',
].join('\r\n');

/** A lab session without a cluster: it answers like the real one, from fixed data, so that the page alone can be tested. */
export class FakeSession {
  readonly received: ClientMessage[] = [];
  readonly files = new Map<string, FileView>([
    ['deployment.yaml', { path: 'deployment.yaml', text: fakeYaml, revision: 1, readOnly: false }],
    [
      'service.yaml',
      {
        path: 'service.yaml',
        text: 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector:\n    app: wep\n  ports:\n    - port: 80\n',
        revision: 1,
        readOnly: false,
      },
    ],
  ]);
  #line: FakeLine | undefined;
  #seq = 1;
  #typed = '';

  connect(line: FakeLine): void {
    this.#line = line;
  }

  receive(text: string): void {
    const message = clientMessageSchema.parse(JSON.parse(text));
    this.received.push(message);
    if (message.type === 'hello') this.#greet(message.resume !== undefined);
    else if (message.type === 'terminalInput') this.#type(message.terminal, message.data);
    else if ('id' in message) this.send({ type: 'reply', id: message.id, ...this.#answer(message) });
  }

  send(message: ServerMessage): void {
    this.#line?.send(JSON.stringify(message));
  }

  /** The next number of the resumable stream. */
  next(): number {
    return ++this.#seq;
  }

  #greet(isResumed: boolean): void {
    if (isResumed) {
      this.send({ type: 'notice', seq: this.next(), level: 'info', text: 'Connected again. Nothing was lost.' });
      return;
    }
    this.send({
      type: 'welcome',
      protocol: 1,
      epoch: 'fake',
      seq: this.#seq,
      session: 'demo',
      files: [...this.files.values()],
      terminals: [{ terminal: 'terminal-1', scrollback: prompt }],
      hintsUsed: { 'web-ready': ['Look at spec.replicas.'] },
      canUndoReset: false,
      tabs: 1,
    });
    this.send({ type: 'state', seq: this.next(), ...fakeState() });
  }

  #type(terminal: string, data: string): void {
    const print = (text: string) => this.send({ type: 'terminal', seq: this.next(), terminal, data: text });
    if (data !== '\r') {
      this.#typed += data;
      print(data);
      return;
    }
    print(`\r\n${this.#typed.startsWith('kubectl get pods') ? `${podsTable}\r\n` : ''}${prompt}`);
    this.#typed = '';
  }

  #save(path: string, text: string, base: number): Answer {
    const known = this.files.get(path);
    if (known && base < known.revision) {
      this.send({ type: 'file', seq: this.next(), file: known });
      return { ok: false, error: { code: 'stale', userMessage: 'Another tab saved this file first.' } };
    }
    const file = { path, text, revision: (known?.revision ?? 0) + 1, readOnly: false };
    this.files.set(path, file);
    this.send({ type: 'file', seq: this.next(), file });
    return { ok: true, result: { kind: 'saved', revision: file.revision, savedAt: '2026-01-05T09:03:12Z' } };
  }

  #answer(message: Exclude<ClientMessage, { type: 'hello' | 'terminalInput' }>): Answer {
    switch (message.type) {
      case 'apply':
        this.#save(message.path, message.text, this.files.get(message.path)?.revision ?? 0);
        return message.text.includes('replicas: three')
          ? {
              ok: true,
              result: {
                kind: 'apply',
                apply: {
                  lines: [],
                  warnings: [],
                  problems: [
                    { path: message.path, line: 8, column: 13, message: 'spec.replicas: Invalid value: "three": must be an integer' },
                  ],
                },
              },
            }
          : { ok: true, result: { kind: 'apply', apply: { lines: ['deployment.apps/web configured'], warnings: [], problems: [] } } };
      case 'saveFile':
        return this.#save(message.path, message.text, message.base);
      case 'removeFile':
        this.files.delete(message.path);
        this.send({ type: 'fileRemoved', seq: this.next(), path: message.path });
        return { ok: true };
      case 'grade':
        this.send({ type: 'grade', seq: this.next(), grade: fakeGrade });
        return { ok: true, result: { kind: 'grade', grade: fakeGrade } };
      case 'useHint':
        return {
          ok: true,
          result: {
            kind: 'hint',
            hints: ['Look at spec.replicas.', 'kubectl get deployment web -o yaml shows what is stored.'],
            remaining: 0,
          },
        };
      case 'getObject':
        return { ok: true, result: { kind: 'object', yaml: fakeYaml } };
      case 'why':
        return {
          ok: true,
          result: {
            kind: 'why',
            links: [
              { text: 'Pod is running and ready', component: 'kubelet' },
              { text: 'bound to node-1 by the scheduler', component: 'kube-scheduler' },
              {
                text: 'wanted by ReplicaSet web-6c8f9d7b54',
                about: { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: 'default', name: 'web-6c8f9d7b54' },
              },
            ],
            trace: podTrace,
          },
        };
      case 'pullLever':
        return this.#pull(message.action);
      case 'setClock':
        this.send({
          type: 'delta',
          seq: this.next(),
          clock: { ...fakeState().clock, paused: message.paused ?? false, speed: message.speed ?? 1 },
        });
        return { ok: true };
      default:
        return { ok: true };
    }
  }

  #pull(action: Extract<ClientMessage, { type: 'pullLever' }>['action']): Answer {
    if (action.lever === 'sendRequests') {
      const hops = [
        { at: 'web-6c8f9d7b54-x7k2p', does: 'resolves web.default.svc.cluster.local: 10.96.112.4' },
        { at: 'node-1 kube-proxy', does: '10.96.112.4:80 is default/web: translated to 10.244.2.5:80, one of 2' },
        { at: 'node-1', does: 'routes to node-2' },
        { at: 'web-6c8f9d7b54-m2vbn', does: 'answers 200' },
      ];
      this.send({ type: 'delta', seq: this.next(), hops: [{ id: this.#seq, atMs: 192_000, hops, outcome: '200 OK', ok: true }] });
      return { ok: true, result: { kind: 'lever', text: `${action.count} requests: ${action.count} × 200. Backends: 5 and 5.` } };
    }
    if (action.lever === 'stopComponent' || action.lever === 'startComponent') {
      const health = action.lever === 'stopComponent' ? 'stopped' : 'running';
      const components = fakeState().components.map((one) =>
        one.name === action.component && one.node === action.node ? ({ ...one, health } as const) : one,
      );
      this.send({ type: 'delta', seq: this.next(), components });
    }
    return { ok: true, result: { kind: 'lever', text: 'Done.' } };
  }
}
