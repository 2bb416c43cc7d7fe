/** Names that logs, tests and clients rely on: permanent once released. */
export type AppErrorCode =
  | 'notSignedIn'
  | 'notAllowed'
  | 'notFound'
  | 'invalid'
  | 'tooLarge'
  | 'overBudget'
  | 'busy'
  | 'stale'
  | 'noSession'
  | 'clusterLost'
  | 'storageBusy'
  | 'storageFull'
  | 'storage'
  | 'notGradable';

export interface AppErrorOptions {
  /** For the log: with names and numbers. */
  readonly message?: string;
  /** For the person: what happened, why, and what to do. */
  readonly userMessage: string;
  readonly cause?: unknown;
}

/** A failure of the product that somebody has to be told about; mapped once at each edge. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly userMessage: string;

  constructor(code: AppErrorCode, { message, userMessage, cause }: AppErrorOptions) {
    super(message ?? userMessage, { cause });
    this.name = 'AppError';
    this.code = code;
    this.userMessage = userMessage;
  }
}

/**
 * The server's own code and Next's bundles are separate module graphs with separate classes, so the name decides,
 * not `instanceof`.
 */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError' && 'userMessage' in error;
}

export const unexpectedMessage =
  'Something in kube40 broke, and it has been written to the server log. Your work is saved. Reload the page and try again.';

/** What a person may read of any error. */
export function toUserMessage(error: unknown): string {
  return isAppError(error) ? error.userMessage : unexpectedMessage;
}
