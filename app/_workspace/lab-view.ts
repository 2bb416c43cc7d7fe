import type { ReactNode } from 'react';

export interface LabCheckView {
  readonly id: string;
  readonly title: string;
  readonly mode: 'goal' | 'guard' | 'milestone';
  readonly points: number;
  readonly hints: number;
}

export interface LabTaskView {
  readonly id: string;
  readonly title: string;
  /** The task's text, rendered on the server. */
  readonly body: ReactNode;
  readonly checks: readonly LabCheckView[];
}

/** What is known of a lab before its session is open. */
export interface LabTextView {
  readonly day: number;
  readonly title: string;
  readonly intro: ReactNode;
  readonly tasks: readonly LabTaskView[];
}

/** What the workspace needs to know of its lab; everything that changes comes over the session. */
export interface LabView extends LabTextView {
  readonly session: string;
}
