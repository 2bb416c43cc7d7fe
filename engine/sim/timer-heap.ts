import type { Timer } from './simulation.ts';

/** A binary heap of timers in (due, seq) order. */
export class TimerHeap {
  readonly #items: Timer[] = [];

  peek(): Timer | undefined {
    return this.#items[0];
  }

  push(timer: Timer): void {
    const items = this.#items;
    let at = items.length;
    items.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] as Timer;
      if (!isBefore(timer, above)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = timer;
  }

  pop(): Timer | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (!top || !last || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && isBefore(items[child + 1] as Timer, items[child] as Timer)) child++;
      if (!isBefore(items[child] as Timer, last)) break;
      items[at] = items[child] as Timer;
      at = child;
    }
    items[at] = last;
    return top;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.due !== b.due ? a.due < b.due : a.seq < b.seq;
}
