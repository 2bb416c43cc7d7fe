import { setTimeout as wait } from 'node:timers/promises';
import { isAppError } from '../errors.ts';
import { toStorageError } from './storage-error.ts';

/** Waits between tries; the last failure is final. Bounded, because a person is waiting for the answer. */
const pausesMs = [20, 60, 180];

/**
 * Runs database work again when the database said "busy". A refused statement or transaction has written nothing, so
 * repeating it is safe, as long as `work` does nothing but talk to the database.
 */
export async function retryWhenBusy<T>(work: () => Promise<T>, pauses: readonly number[] = pausesMs): Promise<T> {
  for (const pauseMs of pauses) {
    try {
      return await work();
    } catch (error) {
      const failure = isAppError(error) ? error : toStorageError(error);
      if (failure?.code !== 'storageBusy') throw failure ?? error;
    }
    await wait(pauseMs);
  }
  try {
    return await work();
  } catch (error) {
    throw toStorageError(error) ?? error;
  }
}
