import { invariant } from './invariant.ts';
import type { Plain } from './plain.ts';
import { nextUint32, type RandomState, seedRandom } from './random.ts';
import { TimerHeap } from './timer-heap.ts';

/** Virtual milliseconds since the Unix epoch. */
export type Millis = number;

/** The id of a trace entry; 0 is "nothing known". */
export type CauseId = number;

/** A timer is data, so that a cluster can be written down. `process` and `key` name the handler. */
export interface Timer {
  readonly due: Millis;
  /** Breaks ties: timers that are due together run in the order in which they were set. */
  readonly seq: number;
  readonly process: string;
  readonly key: string;
  readonly payload: Plain;
  /** What was being done when the timer was set; restored when it fires. */
  readonly cause: CauseId;
  /** Periodic work does not keep `settle` waiting. */
  readonly periodic: boolean;
}

export interface SimulationState {
  now: Millis;
  seq: number;
  random: RandomState;
  timers: Map<string, Timer>;
}

export interface TimerOptions {
  readonly payload?: Plain;
  readonly periodic?: boolean;
}

/** The one clock, the one source of chance, and the queue of what is due. */
export class Simulation {
  readonly state: SimulationState;
  /** The cause of whatever runs at this moment. Writers of state record it; timers carry it on. */
  cause: CauseId = 0;
  readonly #heap = new TimerHeap();

  constructor(state: SimulationState) {
    this.state = state;
    for (const timer of state.timers.values()) this.#heap.push(timer);
  }

  static initialState(seed: number, startMs: Millis): SimulationState {
    return { now: startMs, seq: 0, random: seedRandom(seed), timers: new Map() };
  }

  get now(): Millis {
    return this.state.now;
  }

  /** The present as RFC 3339 with seconds, as Kubernetes' `metav1.Time` prints it. */
  timestamp(atMs: Millis = this.state.now): string {
    return formatTime(atMs);
  }

  /** A number in [0, 1). */
  random(): number {
    return nextUint32(this.state.random) / 4294967296;
  }

  /** An integer in [0, below). */
  randomInt(below: number): number {
    return Math.floor(this.random() * below);
  }

  /** An RFC 4122 version 4 identifier from the seeded generator. */
  uid(): string {
    const { random } = this.state;
    const [a, b, c, d] = [hex8(nextUint32(random)), hex8(nextUint32(random)), hex8(nextUint32(random)), hex8(nextUint32(random))];
    const variant = '89ab'[Number.parseInt(c[0] as string, 16) & 3] as string;
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`;
  }

  /** Sixteen hexadecimal digits. */
  hex16(): string {
    return hex8(nextUint32(this.state.random)) + hex8(nextUint32(this.state.random));
  }

  /** Letters and digits as in generated object names. Kubernetes: apimachinery/pkg/util/rand. */
  suffix(length = 5): string {
    let text = '';
    for (let i = 0; i < length; i++) text += nameAlphabet[this.randomInt(nameAlphabet.length)];
    return text;
  }

  /** Sets the timer of (process, key); an earlier one of the same name is replaced. */
  setTimer(process: string, key: string, delayMs: Millis, options: TimerOptions = {}): void {
    invariant(delayMs >= 0 && Number.isFinite(delayMs), `sim: timer ${process} ${key} with delay ${delayMs}`);
    const timer: Timer = {
      due: this.state.now + delayMs,
      seq: this.state.seq++,
      process,
      key,
      payload: options.payload,
      cause: this.cause,
      periodic: options.periodic ?? false,
    };
    this.state.timers.set(timerId(process, key), timer);
    this.#heap.push(timer);
  }

  /** When the timer of (process, key) is due, if it is set. */
  timerDue(process: string, key: string): Millis | undefined {
    return this.state.timers.get(timerId(process, key))?.due;
  }

  cancelTimer(process: string, key: string): void {
    this.state.timers.delete(timerId(process, key));
  }

  /** Cancels everything that a process has set, as its death would. */
  cancelTimers(process: string): void {
    for (const [id, timer] of this.state.timers) if (timer.process === process) this.state.timers.delete(id);
  }

  /** The next timer without taking it. */
  peek(): Timer | undefined {
    for (;;) {
      const timer = this.#heap.peek();
      if (!timer || this.#isLive(timer)) return timer;
      this.#heap.pop();
    }
  }

  /** Takes the next timer and moves the clock to it. The caller runs its handler. */
  take(): Timer | undefined {
    const timer = this.peek();
    if (!timer) return undefined;
    this.#heap.pop();
    this.state.timers.delete(timerId(timer.process, timer.key));
    this.state.now = Math.max(this.state.now, timer.due);
    this.cause = timer.cause;
    return timer;
  }

  /** Moves the clock forward over a stretch in which nothing is due. */
  skipTo(atMs: Millis): void {
    invariant((this.peek()?.due ?? Number.POSITIVE_INFINITY) >= atMs, 'sim: skipped over a due timer');
    this.state.now = Math.max(this.state.now, atMs);
  }

  /** Whether anything but periodic work is set. */
  get isSettled(): boolean {
    for (const timer of this.state.timers.values()) if (!timer.periodic) return false;
    return true;
  }

  #isLive(timer: Timer): boolean {
    return this.state.timers.get(timerId(timer.process, timer.key)) === timer;
  }
}

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex8(word: number): string {
  return `${hexBytes[word >>> 24]}${hexBytes[(word >>> 16) & 255]}${hexBytes[(word >>> 8) & 255]}${hexBytes[word & 255]}`;
}

const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

function timerId(process: string, key: string): string {
  return `${process}\n${key}`;
}

let lastSecond = Number.NaN;
let lastText = '';

/** RFC 3339 in UTC with whole seconds. The last result is remembered: most stamps of a burst are equal. */
export function formatTime(atMs: Millis): string {
  const second = Math.floor(atMs / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = formatSecond(second);
  }
  return lastText;
}

/** RFC 3339 in UTC with microseconds (`metav1.MicroTime`). */
export function formatMicroTime(atMs: Millis): string {
  const micros = Math.round((atMs - Math.floor(atMs / 1000) * 1000) * 1000);
  return `${formatSecond(Math.floor(atMs / 1000)).slice(0, -1)}.${String(micros).padStart(6, '0')}Z`;
}

function formatSecond(second: number): string {
  const days = Math.floor(second / 86_400);
  const rest = second - days * 86_400;
  const { year, month, day } = civilFromDays(days);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}Z`;
}

/** Proleptic Gregorian date of a day number (Howard Hinnant's algorithm), because the engine has no Date. */
function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}

// The stamps of one moment are read many times.
let lastParsed = '';
let lastParsedMs: Millis | undefined;

/** Virtual milliseconds of an RFC 3339 text, or `undefined` when it is none. */
export function parseTime(text: string): Millis | undefined {
  if (text === lastParsed) return lastParsedMs;
  lastParsedMs = parseNewTime(text);
  lastParsed = text;
  return lastParsedMs;
}

function parseNewTime(text: string): Millis | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/.exec(text);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = parts[8] ? (parts[8] === '+' ? 1 : -1) * (Number(parts[9]) * 60 + Number(parts[10])) * 60 : 0;
  const wholeSeconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
  return wholeSeconds * 1000 + Math.round(Number(parts[7] ?? 0) * 1_000_000) / 1000;
}

function daysFromCivil(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}
