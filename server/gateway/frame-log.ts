import { randomUUID } from 'node:crypto';
import type { ServerMessage } from './protocol.ts';

export type NumberedFrame = Extract<ServerMessage, { readonly seq: number }>;
type WithoutSeq<Frame> = Frame extends { readonly seq: number } ? Omit<Frame, 'seq'> : never;
export type UnnumberedFrame = WithoutSeq<NumberedFrame>;

const keptFrames = 400;
const keptCharacters = 1_000_000;

/** Numbers the frames of one session and keeps the last ones, for tabs that lost their line for a moment. */
export class FrameLog {
  readonly epoch = randomUUID();
  #seq = 0;
  #frames: { readonly frame: NumberedFrame; readonly characters: number }[] = [];
  #characters = 0;

  get seq(): number {
    return this.#seq;
  }

  add(frame: UnnumberedFrame): NumberedFrame {
    this.#seq += 1;
    const numbered = { ...frame, seq: this.#seq } as NumberedFrame;
    const characters = JSON.stringify(numbered).length;
    this.#frames.push({ frame: numbered, characters });
    this.#characters += characters;
    while (this.#frames.length > keptFrames || this.#characters > keptCharacters) this.#characters -= this.#frames.shift()?.characters ?? 0;
    return numbered;
  }

  /** What came after `seq`, or undefined when that is no longer known and everything has to be sent. */
  since(epoch: string, seq: number): readonly NumberedFrame[] | undefined {
    const isKnown = epoch === this.epoch && seq <= this.#seq && seq >= this.#seq - this.#frames.length;
    return isKnown ? this.#frames.map(({ frame }) => frame).filter((frame) => frame.seq > seq) : undefined;
  }
}
