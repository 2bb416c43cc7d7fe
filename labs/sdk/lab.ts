import type { LabFile } from './lab-schema.ts';

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** A lab with all its texts: plain data, enough to open and to grade it anywhere. */
export interface Lab extends Omit<LabFile, 'tasks'> {
  readonly dayId: string;
  /** Fixes the version: changes with any byte that a student or a grader sees. */
  readonly hash: string;
  /** Markdown before the first task. */
  readonly intro: string;
  readonly tasks: readonly { readonly id: string; readonly title: string; readonly text: string }[];
  /** Manifests that are applied before the student comes, in order. */
  readonly objects: readonly TextFile[];
  /** What the editor and the home folder begin with. */
  readonly files: readonly (TextFile & { readonly isReadOnly: boolean })[];
}
