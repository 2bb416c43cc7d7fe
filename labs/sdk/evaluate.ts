import { ApiError, type Cluster, ConnectionRefused } from '#engine';
import { type CheckContext, type CheckKinds, type CheckOutcome, type Expectation, fail, kindOf } from './check.ts';

/** Asks one thing of a cluster as it is. Never throws. */
export function evaluateExpectation(cluster: Cluster, sinceEntry: number, expectation: Expectation, kinds: CheckKinds): CheckOutcome {
  const kind = kindOf(expectation, kinds);
  if (!kind) return { status: 'error', message: `no plugin brings the check kind of ${Object.keys(expectation).join(', ')}` };
  const context: CheckContext = { cluster, sinceEntry, evaluate: (part) => evaluateExpectation(cluster, sinceEntry, part, kinds) };
  try {
    return kind.evaluate(context, expectation[kind.kind] as never);
  } catch (error) {
    if (error instanceof ConnectionRefused || error instanceof ApiError) return unanswered(error);
    return { status: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}

function unanswered(error: Error): CheckOutcome {
  return fail({
    message: 'The API server does not answer, so nobody can see whether this is done.',
    expected: 'an API server that answers',
    actual: error.message,
    where: 'the control plane: kube-apiserver and etcd',
    isUnanswered: true,
  });
}

/** Whether an expectation may be asked while the student works, without leaving anything behind. */
export function isLive(expectation: Expectation, kinds: CheckKinds): boolean {
  if ('after' in expectation) return false;
  const kind = kindOf(expectation, kinds);
  if (!kind?.isLive) return false;
  const parts = kind.parts?.(expectation[kind.kind] as never) ?? [];
  return parts.every((part) => isLive(part, kinds));
}

/** What an expectation needs the student to know by heart. */
export function literalsOf(expectation: Expectation, kinds: CheckKinds): readonly string[] {
  const kind = kindOf(expectation, kinds);
  if (!kind) return [];
  const params = expectation[kind.kind] as never;
  return [...kind.literals(params), ...(kind.parts?.(params) ?? []).flatMap((part) => literalsOf(part, kinds))];
}
