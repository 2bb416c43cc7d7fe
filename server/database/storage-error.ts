import { AppError } from '../errors.ts';

const userMessages = {
  storageBusy: 'The database is busy with something else and did not answer in time. Nothing was lost: wait a moment and try again.',
  storageFull:
    'The disk that holds the database is full, so this could not be saved. Everything saved before is kept. Whoever runs this server has to free some space.',
  storage: 'The database cannot be reached, so this could not be saved. Whoever runs this server has to look at its log.',
} as const;

/** The texts of an error, its driver's cause and their causes. */
function* textsOf(error: unknown, depth = 0): Generator<string> {
  if (depth > 5 || typeof error !== 'object' || error === null) return;
  const { code, message, meta, cause, originalMessage, kind } = error as Readonly<Record<string, unknown>>;
  for (const text of [code, message, originalMessage, kind]) if (typeof text === 'string') yield text;
  yield* textsOf(meta, depth + 1);
  yield* textsOf(cause, depth + 1);
  yield* textsOf((meta as Readonly<Record<string, unknown>> | undefined)?.['driverAdapterError'], depth + 1);
}

/**
 * What a failed statement means for the person, or undefined for an ordinary answer of the database (a unique key, a
 * missing row) that the caller deals with. Drivers and Prisma report the same trouble in several shapes: any will do.
 */
export function toStorageError(error: unknown): AppError | undefined {
  const texts = [...textsOf(error)].join('\n');
  const code = /SQLITE_FULL|database or disk is full|ENOSPC|\b53100\b|No space left/.test(texts)
    ? 'storageFull'
    : /SQLITE_BUSY|SQLITE_LOCKED|database (table )?is locked|\bP1008\b|SocketTimeout|\bP2034\b|\b40001\b|\b40P01\b|\bP2028\b/.test(texts)
      ? 'storageBusy'
      : /\bP1001\b|\bP1017\b|ECONNREFUSED|ECONNRESET|DatabaseNotReachable|ConnectionClosed|SQLITE_(CANTOPEN|IOERR|READONLY|CORRUPT)|\b57P0\d\b/.test(
            texts,
          )
        ? 'storage'
        : undefined;
  return (
    code && new AppError(code, { message: `${code}: ${texts.split('\n')[1] ?? texts}`, userMessage: userMessages[code], cause: error })
  );
}
