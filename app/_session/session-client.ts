import type { ClientMessage, ReplyResult, ServerError, ServerMessage } from '../../server/gateway/protocol.ts';
import { reduceSession, withNotice } from './reduce-session.ts';
import { emptySession, type Notice, type SessionState } from './session-state.ts';

/** What the client needs of a WebSocket, so that a test can hold the other end. */
export interface Wire {
  send(text: string): void;
  close(): void;
}
export interface WireEvents {
  opened(): void;
  received(text: string): void;
  closed(): void;
}

export interface SessionClientOptions {
  readonly session: string;
  readonly protocol: number;
  readonly maxFrameBytes: number;
  readonly openWire: (events: WireEvents) => Wire;
  readonly nowMs: () => number;
  /** Returns a function that cancels. */
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** Between 0 and 1; spreads the reconnects of a full classroom. */
  readonly chance: () => number;
}

type WithoutId<M> = M extends { readonly id: string } ? Omit<M, 'id'> : never;
/** Every message that is answered by a `reply`, without its id. */
export type Request = WithoutId<ClientMessage>;
type Statement = Extract<ClientMessage, { type: 'terminalInput' | 'terminalResize' | 'closeTerminal' }>;

export type Reply = { readonly ok: true; readonly result: ReplyResult | undefined } | { readonly ok: false; readonly error: ServerError };

export interface SessionClient {
  getState(): SessionState;
  subscribe(listener: () => void): () => void;
  /** Terminal output from the beginning of the kept scrollback, then as it comes. */
  onTerminal(terminal: string, listener: (data: string) => void): () => void;
  request(message: Request): Promise<Reply>;
  tell(message: Statement): void;
  notify(level: Notice['level'], text: string): void;
  dismissNotice(id: number): void;
  reconnectNow(): void;
  close(): void;
}

const longestRetryMs = 15_000;
const replyTimeoutMs = 60_000;
const scrollbackKept = 200_000;
// Codes after which trying again by itself would only repeat the refusal.
const finalErrors = new Set<ServerError['code']>(['oldProtocol', 'notSignedIn', 'noSession']);

const lineLost: ServerError = {
  code: 'busy',
  userMessage: 'The connection to your cluster was lost before an answer came. Your text is kept; try again when the line is back.',
};
const noAnswer: ServerError = {
  code: 'busy',
  userMessage: 'Your cluster did not answer within a minute. It may be busy; try again.',
};

function tooLarge(bytes: number, limit: number): ServerError {
  const megabytes = (bytes / 1_000_000).toFixed(1);
  return {
    code: 'tooLarge',
    userMessage: `This is ${megabytes} MB, and a message may hold ${(limit / 1_000_000).toFixed(1)} MB. Nothing was sent; shorten the text and try again.`,
  };
}

/** Keeps one tab connected to its lab session. Knows nothing of the page. */
export function createSessionClient(options: SessionClientOptions): SessionClient {
  return new Connection(options);
}

class Connection implements SessionClient {
  readonly #options: SessionClientOptions;
  readonly #listeners = new Set<() => void>();
  readonly #scrollback = new Map<string, string>();
  readonly #terminalListeners = new Map<string, Set<(data: string) => void>>();
  readonly #waiting = new Map<string, { readonly settle: (reply: Reply) => void; readonly cancelTimeout: () => void }>();
  #state: SessionState = emptySession;
  #wire: Wire | undefined;
  #isOpen = false;
  /** Which wire is the one in use: a late close of an older one is not a loss. */
  #generation = 0;
  #attempt = 0;
  #nextId = 1;
  #nextNotice = -1;
  #cancelRetry: () => void = () => {};
  #isClosed = false;

  constructor(options: SessionClientOptions) {
    this.#options = options;
    this.#connect();
  }

  getState(): SessionState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onTerminal(terminal: string, listener: (data: string) => void): () => void {
    const known = this.#terminalListeners.get(terminal) ?? new Set();
    this.#terminalListeners.set(terminal, known.add(listener));
    const scrollback = this.#scrollback.get(terminal);
    if (scrollback) listener(scrollback);
    return () => known.delete(listener);
  }

  request(message: Request): Promise<Reply> {
    const id = `r${this.#nextId++}`;
    const text = JSON.stringify({ ...message, id });
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > this.#options.maxFrameBytes) {
      return Promise.resolve({ ok: false, error: tooLarge(bytes, this.#options.maxFrameBytes) });
    }
    if (!this.#isOpen) return Promise.resolve({ ok: false, error: lineLost });
    return new Promise((settle) => {
      const cancelTimeout = this.#options.after(replyTimeoutMs, () => this.#settle(id, { ok: false, error: noAnswer }));
      this.#waiting.set(id, { settle, cancelTimeout });
      this.#wire?.send(text);
    });
  }

  tell(message: Statement): void {
    if (this.#isOpen) this.#wire?.send(JSON.stringify(message));
  }

  notify(level: Notice['level'], text: string): void {
    this.#set(withNotice(this.#state, { id: this.#nextNotice--, level, text }));
  }

  dismissNotice(id: number): void {
    this.#set({ ...this.#state, notices: this.#state.notices.filter((notice) => notice.id !== id) });
  }

  reconnectNow(): void {
    this.#cancelRetry();
    if (!this.#isOpen && !this.#isClosed) this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRetry();
    this.#wire?.close();
  }

  #set(state: SessionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  #connect(): void {
    const generation = ++this.#generation;
    this.#wire = this.#options.openWire({
      opened: () => this.#hello(),
      received: (text) => this.#receive(JSON.parse(text) as ServerMessage),
      closed: () => {
        if (generation === this.#generation) this.#lost();
      },
    });
  }

  #hello(): void {
    this.#isOpen = true;
    const { epoch, seq } = this.#state;
    const hello: ClientMessage = {
      type: 'hello',
      protocol: this.#options.protocol,
      session: this.#options.session,
      ...(epoch === undefined ? {} : { resume: { epoch, seq } }),
    };
    this.#wire?.send(JSON.stringify(hello));
  }

  #receive(message: ServerMessage): void {
    if (message.type === 'reply') {
      this.#settle(message.id, message.ok ? { ok: true, result: message.result } : { ok: false, error: message.error });
      return;
    }
    if (message.type === 'error') {
      if (finalErrors.has(message.error.code)) {
        this.#set({ ...this.#state, connection: { status: 'refused', error: message.error } });
        this.#wire?.close();
      } else {
        this.notify('error', message.error.userMessage);
      }
      return;
    }
    this.#attempt = 0;
    if (message.type === 'welcome') this.#restoreTerminals(message.terminals);
    if (message.type === 'terminal' && message.seq > this.#state.seq) this.#print(message.terminal, message.data);
    const next = reduceSession(this.#state, message);
    // A resumed connection gets no welcome, only the frames it missed.
    this.#set(next.connection.status === 'live' ? next : { ...next, connection: { status: 'live' } });
  }

  #restoreTerminals(terminals: readonly { readonly terminal: string; readonly scrollback: string }[]): void {
    for (const { terminal, scrollback } of terminals) {
      const isKnown = this.#scrollback.has(terminal);
      this.#scrollback.set(terminal, scrollback);
      // `ESC c` resets the screen, so that what it already shows is not printed twice.
      for (const listener of this.#terminalListeners.get(terminal) ?? []) listener(isKnown ? `\u001bc${scrollback}` : scrollback);
    }
  }

  #print(terminal: string, data: string): void {
    this.#scrollback.set(terminal, ((this.#scrollback.get(terminal) ?? '') + data).slice(-scrollbackKept));
    for (const listener of this.#terminalListeners.get(terminal) ?? []) listener(data);
  }

  #settle(id: string, reply: Reply): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    waiting.cancelTimeout();
    waiting.settle(reply);
  }

  #lost(): void {
    this.#isOpen = false;
    for (const id of [...this.#waiting.keys()]) this.#settle(id, { ok: false, error: lineLost });
    if (this.#isClosed || this.#state.connection.status === 'refused') return;
    this.#attempt += 1;
    const ceilingMs = Math.min(longestRetryMs, 500 * 2 ** (this.#attempt - 1));
    const delayMs = Math.round(ceilingMs * (0.6 + 0.4 * this.#options.chance()));
    this.#set({
      ...this.#state,
      connection: { status: 'reconnecting', attempt: this.#attempt, retryAtMs: this.#options.nowMs() + delayMs },
    });
    this.#cancelRetry = this.#options.after(delayMs, () => this.#connect());
  }
}
