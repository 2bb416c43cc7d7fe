/** A bug of ours. Never caught except at the edge of a process. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function invariant(condition: unknown, text: string): asserts condition {
  if (!condition) throw new InvariantError(text);
}
