import type { WebSocket } from 'ws';
import type { Viewer } from '../auth/viewer.ts';
import { AppError } from '../errors.ts';
import { logError } from '../log.ts';
import { handleMessage } from './handle-message.ts';
import type { LabHub, Tab } from './lab-hub.ts';
import { Outbox } from './outbox.ts';
import type { ClientMessage, ServerMessage } from './protocol.ts';
import { clientMessageSchema, protocolVersion } from './protocol.ts';
import { toServerError } from './to-server-error.ts';

const mostBadMessages = 20;
const flushEveryMs = 50;
/** WebSocket close code: the other side broke the rules. */
const policyViolation = 1008;

export interface ConnectionOptions {
  readonly socket: WebSocket;
  readonly viewer: Viewer | undefined;
  readonly enter: (sessionId: string, viewer: Viewer, tab: Tab) => Promise<LabHub>;
  readonly leave: (hub: LabHub, tab: Tab) => void;
}

type Hello = Extract<ClientMessage, { readonly type: 'hello' }>;

/** One tab: reads its messages, answers each, and keeps what goes to it within bounds. */
export class Connection implements Tab {
  readonly #options: ConnectionOptions;
  readonly #outbox: Outbox;
  #hub: LabHub | undefined;
  #entering: Promise<void> | undefined;
  #isClosed = false;
  #badMessages = 0;
  #flushing: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { socket } = options;
    this.#outbox = new Outbox(socket, () => void this.#sendEverything());
    socket.on('message', (data, isBinary) => void this.#receive(isBinary ? undefined : String(data)));
    socket.on('close', () => this.#close());
    // A frame that is too large or broken: ws closes the socket with the right code by itself.
    socket.on('error', () => undefined);
  }

  send(frame: ServerMessage): void {
    if (this.#isClosed) return;
    this.#outbox.send(frame);
    if (this.#outbox.isWaiting) this.#flushing ??= setInterval(() => this.#flush(), flushEveryMs);
  }

  #flush(): void {
    this.#outbox.flush();
    if (this.#outbox.isWaiting) return;
    clearInterval(this.#flushing);
    this.#flushing = undefined;
  }

  async #receive(text: string | undefined): Promise<void> {
    const message = this.#parse(text);
    if (!message) return;
    if (message.type === 'hello') {
      this.#entering = this.#enter(message);
      return;
    }
    // A tab may ask before it has been let in.
    await this.#entering;
    const id = 'id' in message ? message.id : undefined;
    try {
      if (!this.#hub) throw new AppError('noSession', { userMessage: 'This tab has not said which lab it belongs to. Reload the page.' });
      const result = await handleMessage(this.#hub, message);
      if (id !== undefined) this.send({ type: 'reply', id, ok: true, ...(result && { result }) });
    } catch (error) {
      const failure = toServerError(error);
      this.send(id === undefined ? { type: 'error', error: failure } : { type: 'reply', id, ok: false, error: failure });
    }
  }

  #parse(text: string | undefined): ClientMessage | undefined {
    const parsed = clientMessageSchema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    const problems = parsed.error.issues.slice(0, 5).map(({ path, message }) => ({ path: path.join('.'), message }));
    const userMessage =
      'The page sent something that the server does not understand. Reload the page; if that does not help, its version does not fit the server.';
    this.send({ type: 'error', error: { code: 'badMessage', userMessage, problems } });
    this.#badMessages += 1;
    if (this.#badMessages >= mostBadMessages) this.#options.socket.close(policyViolation, 'too many bad messages');
    return undefined;
  }

  async #enter({ protocol, session, resume }: Hello): Promise<void> {
    const { viewer, enter, socket } = this.#options;
    try {
      if (protocol !== protocolVersion) {
        throw new AppError('invalid', { userMessage: 'This page is older or newer than the server. Reload it; your work is saved.' });
      }
      if (!viewer) throw new AppError('notSignedIn', { userMessage: 'You are not signed in any more. Sign in again; your work is saved.' });
      if (this.#hub) throw new AppError('invalid', { userMessage: 'This tab has already said which lab it belongs to.' });
      const hub = await enter(session, viewer, this);
      this.#hub = hub;
      if (this.#isClosed) this.#options.leave(hub, this);
      else await hub.join(this, resume);
    } catch (error) {
      const failure = toServerError(error);
      this.send({ type: 'error', error: protocol === protocolVersion ? failure : { ...failure, code: 'oldProtocol' } });
      if (!this.#hub) socket.close(policyViolation, failure.code);
    }
  }

  async #sendEverything(): Promise<void> {
    try {
      await this.#hub?.sendEverything(this);
    } catch (error) {
      logError('a slow tab could not be brought up to date', error);
      this.#options.socket.close();
    }
  }

  #close(): void {
    this.#isClosed = true;
    clearInterval(this.#flushing);
    if (this.#hub) this.#options.leave(this.#hub, this);
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
