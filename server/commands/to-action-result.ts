import { ZodError } from 'zod';
import { isAppError, toUserMessage } from '../errors.ts';
import { logError } from '../log.ts';

/** What a server action answers: a value, or a sentence for the person. */
export type ActionResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly userMessage: string };

/** The edge of every server action: failures become sentences, and what nobody expected goes to the log. */
export async function toActionResult<T>(work: () => Promise<T>): Promise<ActionResult<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof ZodError)
      return { ok: false, userMessage: 'The page sent something that the server does not understand. Reload it and try again.' };
    if (!isAppError(error)) logError('a server action failed', error);
    return { ok: false, userMessage: toUserMessage(error) };
  }
}
