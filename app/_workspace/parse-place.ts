export interface FilePlace {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Reads `web.yaml:12:3` or `web.yaml:12`; nothing else is a place in a file. */
export function parsePlace(text: string): FilePlace | undefined {
  const match = /^([\w][\w./-]*):(\d+)(?::(\d+))?$/.exec(text);
  if (!match?.[1]) return undefined;
  return { path: match[1], line: Number(match[2]), column: Number(match[3] ?? 1) };
}
