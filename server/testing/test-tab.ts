import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ClientMessage, ServerMessage } from '../gateway/protocol.ts';

type WithoutId<Message> = Message extends { readonly id: string } ? Omit<Message, 'id'> : never;
type Frame<Type extends ServerMessage['type']> = Extract<ServerMessage, { readonly type: Type }>;

/** A browser tab as the gateway sees it. */
export class TestTab {
  readonly socket: WebSocket;
  readonly frames: ServerMessage[] = [];
  #nextId = 1;
  readonly #listeners = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)) as ServerMessage);
      for (const listener of this.#listeners) listener();
    });
  }

  /** As the user that a test's gateway takes from a header. */
  static open(url: string, user: string): Promise<TestTab> {
    return TestTab.connect(new WebSocket(url, { headers: { 'x-test-user': user } }));
  }

  static async connect(socket: WebSocket): Promise<TestTab> {
    const tab = new TestTab(socket);
    await once(tab.socket, 'open');
    return tab;
  }

  sendRaw(text: string): void {
    this.socket.send(text);
  }

  send(message: ClientMessage): void {
    this.sendRaw(JSON.stringify(message));
  }

  hello(session: string, resume?: { readonly epoch: string; readonly seq: number }): void {
    this.send({ type: 'hello', protocol: 1, session, ...(resume && { resume }) });
  }

  /** Enters and waits for the whole state. */
  async enter(session: string): Promise<{ readonly welcome: Frame<'welcome'>; readonly state: Frame<'state'> }> {
    this.hello(session);
    const state = await this.until('state');
    return { welcome: await this.until('welcome'), state };
  }

  async request(message: WithoutId<ClientMessage>): Promise<Frame<'reply'>> {
    const id = `r${this.#nextId}`;
    this.#nextId += 1;
    this.send({ ...message, id } as ClientMessage);
    return this.until('reply', (frame) => frame.id === id);
  }

  /** The first frame of this kind, whether it has come already or comes yet. */
  until<Type extends ServerMessage['type']>(type: Type, isWanted: (frame: Frame<Type>) => boolean = () => true): Promise<Frame<Type>> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.frames.find((frame): frame is Frame<Type> => frame.type === type && isWanted(frame as Frame<Type>));
        if (!found) return;
        this.#listeners.delete(look);
        resolve(found);
      };
      this.#listeners.add(look);
      look();
    });
  }

  closed(): Promise<number> {
    return once(this.socket, 'close').then(([code]) => code as number);
  }
}
