import type { DeltaFrame } from './merge-deltas.ts';
import { mergeDeltas } from './merge-deltas.ts';
import type { ServerMessage } from './protocol.ts';

/** What an outbox needs of a WebSocket. */
export interface Sink {
  send(text: string): void;
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedAmount: number;
}

/** A reader that has so much ahead of it is slow: from here on its frames are merged. */
const slowAtBytes = 256 * 1024;
const mostWaiting = 200;

/**
 * Frames on their way to one tab. While the tab reads slowly deltas are merged into one; when even the rest is too much,
 * everything is dropped and the tab gets the whole state once it reads again. Never a queue without end.
 */
export class Outbox {
  readonly #sink: Sink;
  readonly #sendEverything: () => void;
  #waiting: ServerMessage[] = [];
  #isOverrun = false;

  /** `sendEverything` is asked for the whole state when the tab reads again after an overrun. */
  constructor(sink: Sink, sendEverything: () => void) {
    this.#sink = sink;
    this.#sendEverything = sendEverything;
  }

  get isSlow(): boolean {
    return this.#sink.bufferedAmount > slowAtBytes;
  }

  send(frame: ServerMessage): void {
    // A reply is an answer to a question of this tab: its number is bounded by the questions.
    if (frame.type === 'reply' || (!this.isSlow && this.#waiting.length === 0 && !this.#isOverrun)) this.#sink.send(JSON.stringify(frame));
    else if (!this.#isOverrun) this.#wait(frame);
  }

  /** Sends what waits, as far as the reader takes it. Called from time to time while something waits. */
  flush(): void {
    if (this.isSlow) return;
    if (this.#isOverrun) {
      this.#isOverrun = false;
      this.#sendEverything();
      return;
    }
    while (this.#waiting.length > 0 && !this.isSlow) this.#sink.send(JSON.stringify(this.#waiting.shift()));
  }

  get isWaiting(): boolean {
    return this.#isOverrun || this.#waiting.length > 0;
  }

  #wait(frame: ServerMessage): void {
    if (frame.type === 'state' || frame.type === 'welcome')
      this.#waiting = this.#waiting.filter(({ type }) => type !== 'delta' && type !== frame.type);
    if (frame.type === 'delta') this.#waitMerged(frame);
    else this.#waiting.push(frame);
    if (this.#waiting.length <= mostWaiting) return;
    this.#waiting = [];
    this.#isOverrun = true;
  }

  /** The merged frame carries the newest number, so it goes to the end: a tab skips numbers that are lower than its own. */
  #waitMerged(frame: DeltaFrame): void {
    const position = this.#waiting.findIndex(({ type }) => type === 'delta');
    const [earlier] = position < 0 ? [] : this.#waiting.splice(position, 1);
    this.#waiting.push(earlier?.type === 'delta' ? mergeDeltas(earlier, frame) : frame);
  }
}
