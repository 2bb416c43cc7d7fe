import type { AppErrorCode } from '../errors.ts';
import { isAppError, toUserMessage } from '../errors.ts';
import { logError } from '../log.ts';
import type { ErrorCode, ServerError } from './protocol.ts';

const wireCodes: Readonly<Record<AppErrorCode, ErrorCode>> = {
  notSignedIn: 'notSignedIn',
  notAllowed: 'noSession',
  notFound: 'notFound',
  invalid: 'invalid',
  tooLarge: 'tooLarge',
  overBudget: 'overBudget',
  busy: 'busy',
  stale: 'stale',
  noSession: 'noSession',
  clusterLost: 'clusterLost',
  storageBusy: 'storage',
  storageFull: 'storage',
  storage: 'storage',
  notGradable: 'invalid',
};

/** Any failure as the wire carries it. What nobody expected goes to the log, not to the student. */
export function toServerError(error: unknown): ServerError {
  if (!isAppError(error)) logError('a message of a lab session failed', error);
  return { code: isAppError(error) ? wireCodes[error.code] : 'internal', userMessage: toUserMessage(error) };
}
