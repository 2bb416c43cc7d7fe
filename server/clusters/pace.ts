import type { ClockSpeed } from './cluster-messages.ts';

/** Maps wall time to virtual time: virtual = base + (wall since base) × speed, standing still while paused or unwatched. */
export class Pace {
  #speed: ClockSpeed = 1;
  #isPaused = false;
  #isWatched = false;
  #baseWallMs: number;
  #baseVirtualMs: number;

  constructor(wallMs: number, virtualMs: number) {
    this.#baseWallMs = wallMs;
    this.#baseVirtualMs = virtualMs;
  }

  get speed(): ClockSpeed {
    return this.#speed;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  get isRunning(): boolean {
    return this.#isWatched && !this.#isPaused;
  }

  /** Where the cluster's clock should be. */
  target(wallMs: number): number {
    return this.isRunning ? this.#baseVirtualMs + Math.max(0, wallMs - this.#baseWallMs) * this.#speed : this.#baseVirtualMs;
  }

  /** Counts on from here: after a change of speed, and when the cluster could not keep up, so that it never has to race. */
  rebase(wallMs: number, virtualMs: number): void {
    this.#baseWallMs = wallMs;
    this.#baseVirtualMs = virtualMs;
  }

  set(
    wallMs: number,
    virtualMs: number,
    { paused, speed }: { readonly paused?: boolean | undefined; readonly speed?: ClockSpeed | undefined },
  ): void {
    this.rebase(wallMs, virtualMs);
    this.#isPaused = paused ?? this.#isPaused;
    this.#speed = speed ?? this.#speed;
  }

  watch(wallMs: number, virtualMs: number, isWatched: boolean): void {
    if (isWatched === this.#isWatched) return;
    this.rebase(wallMs, virtualMs);
    this.#isWatched = isWatched;
  }
}
