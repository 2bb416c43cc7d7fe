import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Viewer } from '../auth/viewer.ts';
import { findViewerByHeaders } from '../auth/viewer.ts';
import type { ClusterHost } from '../clusters/cluster-host.ts';
import { AppError } from '../errors.ts';
import { logError } from '../log.ts';
import { Connection } from './connection.ts';
import type { Tab } from './lab-hub.ts';
import { LabHub } from './lab-hub.ts';
import { maxFrameBytes } from './protocol.ts';

const pingEveryMs = 30_000;

export interface GatewayOptions {
  readonly host: ClusterHost;
  /** Who a request comes from; by its login cookie. */
  readonly findViewer?: (headers: Headers) => Promise<Viewer | undefined>;
}

/** The server's end of all tabs. */
export class Gateway {
  readonly #host: ClusterHost;
  readonly #findViewer: (headers: Headers) => Promise<Viewer | undefined>;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes });
  readonly #hubs = new Map<string, Promise<LabHub>>();
  readonly #pinging: NodeJS.Timeout;

  constructor({ host, findViewer = findViewerByHeaders }: GatewayOptions) {
    this.#host = host;
    this.#findViewer = findViewer;
    // A tab whose machine went to sleep never says goodbye.
    this.#pinging = setInterval(() => this.#ping(), pingEveryMs).unref();
  }

  /** Takes over a request for `/ws`. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (!isSameOrigin(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    const viewer = await this.#findViewer(toHeaders(request)).catch((error: unknown) => {
      logError('a tab could not be signed in', error);
      return undefined;
    });
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      new Connection({
        socket: webSocket,
        viewer,
        enter: (sessionId, who, tab) => this.#enter(sessionId, who, tab),
        leave: (hub, tab) => this.#leave(hub, tab),
      });
    });
  }

  /** Ends every connection; the tabs come back by themselves when the server does. */
  close(): void {
    clearInterval(this.#pinging);
    for (const client of this.#sockets.clients) client.close(1001, 'the server restarts');
    this.#sockets.close();
  }

  /** Lets a tab in. The hub is opened by the first tab of its session and closed by the last. */
  async #enter(sessionId: string, viewer: Viewer, tab: Tab): Promise<LabHub> {
    const known = this.#hubs.get(sessionId);
    const opening = known ?? LabHub.open({ host: this.#host, viewer, sessionId });
    if (!known) {
      this.#hubs.set(sessionId, opening);
      opening.catch(() => this.#hubs.delete(sessionId));
    }
    const hub = await opening;
    // The last tab may have left while this one waited.
    if (this.#hubs.get(sessionId) !== opening) return this.#enter(sessionId, viewer, tab);
    if (hub.viewer.id !== viewer.id)
      throw new AppError('noSession', { userMessage: 'This lab session belongs to another account. Open the lab from its day.' });
    hub.admit(tab);
    return hub;
  }

  #leave(hub: LabHub, tab: Tab): void {
    hub.leave(tab);
    if (hub.tabs > 0) return;
    this.#hubs.delete(hub.handle.sessionId);
    hub.close();
  }

  #ping(): void {
    for (const client of this.#sockets.clients) client.ping();
  }
}

/** A page of another site may open a WebSocket to us with our cookies; it cannot hide where it comes from. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return true;
  try {
    return new URL(headers.origin).host === headers.host;
  } catch {
    return false;
  }
}

function toHeaders({ headers }: IncomingMessage): Headers {
  const copied = new Headers();
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') copied.set(name, value);
  return copied;
}
