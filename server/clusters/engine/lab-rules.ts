import type { Cluster } from '#engine';
import type { GradeView, TickView } from '../../gateway/protocol.ts';

/** What a lab asks of a cluster, as the session needs it: made from the lab by labs/sdk. */
export interface LabRules {
  /** A new cluster in the lab's starting state, with its files on the workstation. */
  open(): Cluster;
  /** Latches the milestones that hold now. Called when something has changed, at virtual times that depend on nothing else. */
  observe(cluster: Cluster): void;
  /** The cheap checks, for the task list. */
  ticks(cluster: Cluster): readonly TickView[];
  /** Grades on forks of the cluster. */
  grade(cluster: Cluster, attempt: number): GradeView;
  /** What was latched so far. Plain data. */
  readonly memory: unknown;
  remember(memory: unknown): void;
}
