/** Something wrong in the course's content. Authors get all of them at once. */
export interface Problem {
  /** Relative to the course's folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `LAB-n`; engine/SPEC.md says what it asks for. */
  readonly rule: string;
  readonly message: string;
}

export function formatProblem({ file, line, column, rule, message }: Problem): string {
  return `${file}:${line}:${column}: ${rule}: ${message}`;
}
