import { AppError } from '../errors.ts';

const mostWaiting = 100;

/** Runs one piece of work after the other. Whoever asks faster than that is told so, instead of a queue without end. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= mostWaiting) {
      const userMessage = 'Your cluster still works on what you asked before. Wait until it has caught up.';
      return Promise.reject(new AppError('busy', { userMessage }));
    }
    this.#waiting += 1;
    const result = this.#last.then(work);
    this.#last = result
      .catch(() => undefined)
      .finally(() => {
        this.#waiting -= 1;
      });
    return result;
  }
}
