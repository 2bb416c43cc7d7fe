import type { z } from 'zod';
import type { Cluster, ObjectRef } from '#engine';

/** What a check sees. On the student's own cluster it only looks; a grader hands out a fork. */
export interface CheckContext {
  readonly cluster: Cluster;
  /** The trace entry with which the student's own work begins. */
  readonly sinceEntry: number;
  /** Evaluates another expectation in the same moment; for checks that combine others. */
  readonly evaluate: (expectation: Expectation) => CheckOutcome;
}

export type CheckOutcome =
  | { readonly status: 'pass' }
  /** The student's cluster is not there yet. */
  | ({ readonly status: 'fail' } & Finding)
  /** The check itself broke: the attempt is not counted. */
  | { readonly status: 'error'; readonly message: string };

export interface Finding {
  /** A sentence for the student; the check's own message stands when it is absent. */
  readonly message?: string;
  readonly expected?: string;
  readonly actual?: string;
  /** The object, file or place to look at, in words. */
  readonly where?: string;
  /** The object whose explanation belongs to the failure. */
  readonly about?: ObjectRef;
  /** Nobody could see: the API server did not answer. A guard does not break by that. */
  readonly isUnanswered?: boolean;
}

/** One kind of expectation, e.g. `count`, with its parameters. */
export type Expectation = Readonly<Record<string, unknown>>;

/** What an author may ask of a cluster: one file per kind. */
export interface CheckKind<P = unknown> {
  /** The key under `expect`. */
  readonly kind: string;
  readonly schema: z.ZodType<P>;
  /** Cheap and without a trace in the cluster: may be asked while the student works. */
  readonly isLive: boolean;
  /** Texts that the student cannot guess: names, labels, images, ports. They must stand in the task. */
  literals(params: P): readonly string[];
  /** The expectations inside of this one, for kinds that combine others. */
  parts?(params: P): readonly Expectation[];
  evaluate(context: CheckContext, params: P): CheckOutcome;
}

/** A check kind with its parameters' type forgotten: what a registry holds. */
export type AnyCheckKind = Omit<CheckKind, 'literals' | 'evaluate' | 'parts'> & {
  literals(params: never): readonly string[];
  parts?(params: never): readonly Expectation[];
  evaluate(context: CheckContext, params: never): CheckOutcome;
};

export function defineCheck<P>(kind: CheckKind<P>): CheckKind<P> {
  return kind;
}

export const pass: CheckOutcome = Object.freeze({ status: 'pass' });

export function fail(finding: Finding): CheckOutcome {
  return { status: 'fail', ...finding };
}

/** The kinds by their key. */
export type CheckKinds = ReadonlyMap<string, AnyCheckKind>;

/** The one kind key of an expectation; `after` is none. */
export function kindOf(expectation: Expectation, kinds: CheckKinds): AnyCheckKind | undefined {
  return Object.keys(expectation)
    .map((key) => kinds.get(key))
    .find((kind) => kind !== undefined);
}
