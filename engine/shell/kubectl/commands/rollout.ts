import { type Deployment, deployment } from '../../../kinds/apps/deployment.ts';
import { type ReplicaSet, replicaSet } from '../../../kinds/apps/replica-set.ts';
import type { AnyKind, ApiObject } from '../../../kinds/define-kind.ts';
import type { V1DaemonSet } from '../../../schema/generated/models.ts';
import { formatTime } from '../../../sim/simulation.ts';
import type { Program } from '../../task.ts';
import { flag, UsageProblem } from '../flags.ts';
import { call, getObject, listObjects, quotedName, readNamed, type Session, shownName } from '../session.ts';
import type { KubectlVerb } from '../verb.ts';
import { describeTemplate } from './describe-template.ts';
import { parseDuration } from './wait.ts';

const revisionKey = 'deployment.kubernetes.io/revision';
const causeKey = 'kubernetes.io/change-cause';

/** `kubectl rollout status|history|undo|restart|pause|resume`. */
export const rollout: KubectlVerb = {
  name: 'rollout',
  summary: 'Manage the rollout of a resource',
  flags: {
    revision: { type: 'value' },
    'to-revision': { type: 'value' },
    watch: { short: 'w', type: 'optional' },
    timeout: { type: 'value' },
    selector: { short: 'l', type: 'value' },
  },
  *run(session) {
    const [action = '', ...words] = session.parsed.words;
    for (const { kind, name } of readNamed(session, words)) {
      const object = getObject(session, kind, name);
      if (kind !== (deployment as AnyKind) && !(kind.kind === 'DaemonSet' && (action === 'status' || action === 'restart')))
        throw new UsageProblem(`no ${action === 'history' ? 'history viewer' : 'status viewer'} has been implemented for ${kind.kind}`);
      const status = yield* runAction(session, action, kind, object);
      if (status !== 0) return status;
    }
    return 0;
  },
};

function* runAction(session: Session, action: string, kind: AnyKind, object: ApiObject): Program {
  const name = object.metadata?.name ?? '';
  switch (action) {
    case 'status':
      return yield* waitForRollout(session, kind, name);
    case 'history':
      return printHistory(session, object as Deployment);
    case 'undo':
      return undo(session, object as Deployment);
    case 'restart':
      patchTemplate(session, kind, name, {
        spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': formatTime(session.host.now) } } } },
      });
      session.print(`${shownName(kind, name)} restarted\n`);
      return 0;
    case 'pause':
    case 'resume':
      return setPaused(session, object as Deployment, action === 'pause');
    default:
      throw new UsageProblem(`unknown command "rollout ${action}"`);
  }
}

function patchTemplate(session: Session, kind: AnyKind, name: string, body: object): void {
  call(session, 'patch', kind, { name, body, options: { patchType: 'strategic' } });
}

function setPaused(session: Session, object: Deployment, isPaused: boolean): number {
  const name = object.metadata?.name ?? '';
  if ((object.spec?.paused ?? false) === isPaused)
    throw new UsageProblem(`deployments.apps "${name}" is ${isPaused ? 'already' : 'not'} paused`);
  patchTemplate(session, deployment, name, { spec: { paused: isPaused ? true : null } });
  session.print(`deployment.apps/${name} ${isPaused ? 'paused' : 'resumed'}\n`);
  return 0;
}

/** What is still missing, or `undefined` when the rollout is through. Kubernetes: kubectl/pkg/polymorphichelpers/rollout_status.go. */
function missing(kind: AnyKind, object: ApiObject): { readonly text: string; readonly isFailed: boolean } | undefined {
  const name = object.metadata?.name ?? '';
  if (kind.kind === 'DaemonSet') {
    const { spec, status, metadata } = object as V1DaemonSet;
    if (spec?.updateStrategy?.type !== 'RollingUpdate')
      return { text: `rollout status is only available for RollingUpdate strategy type`, isFailed: true };
    if ((metadata?.generation ?? 0) > (status?.observedGeneration ?? 0))
      return { text: 'Waiting for daemon set spec update to be observed...', isFailed: false };
    const wanted = status?.desiredNumberScheduled ?? 0;
    if ((status?.updatedNumberScheduled ?? 0) < wanted)
      return {
        text: `Waiting for daemon set "${name}" rollout to finish: ${status?.updatedNumberScheduled ?? 0} out of ${wanted} new pods have been updated...`,
        isFailed: false,
      };
    if ((status?.numberAvailable ?? 0) < wanted)
      return {
        text: `Waiting for daemon set "${name}" rollout to finish: ${status?.numberAvailable ?? 0} of ${wanted} updated pods are available...`,
        isFailed: false,
      };
    return undefined;
  }
  const { spec, status, metadata } = object as Deployment;
  if ((metadata?.generation ?? 0) > (status?.observedGeneration ?? 0))
    return { text: 'Waiting for deployment spec update to be observed...', isFailed: false };
  if (status?.conditions?.some((condition) => condition.type === 'Progressing' && condition.reason === 'ProgressDeadlineExceeded'))
    return { text: `error: deployment "${name}" exceeded its progress deadline`, isFailed: true };
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status ?? {};
  if (updatedReplicas < (spec?.replicas ?? 1))
    return {
      text: `Waiting for deployment "${name}" rollout to finish: ${updatedReplicas} out of ${spec?.replicas ?? 1} new replicas have been updated...`,
      isFailed: false,
    };
  if (replicas > updatedReplicas)
    return {
      text: `Waiting for deployment "${name}" rollout to finish: ${replicas - updatedReplicas} old replicas are pending termination...`,
      isFailed: false,
    };
  if (availableReplicas < updatedReplicas)
    return {
      text: `Waiting for deployment "${name}" rollout to finish: ${availableReplicas} of ${updatedReplicas} updated replicas are available...`,
      isFailed: false,
    };
  return undefined;
}

function* waitForRollout(session: Session, kind: AnyKind, name: string): Program {
  const timeout = parseDuration(flag(session.parsed, 'timeout') ?? '0s');
  const deadline = timeout > 0 ? session.host.now + timeout : undefined;
  let last = '';
  for (;;) {
    const rest = missing(kind, getObject(session, kind, name));
    if (!rest) {
      session.print(`${kind.kind === 'DaemonSet' ? 'daemon set' : 'deployment'} "${name}" successfully rolled out\n`);
      return 0;
    }
    if (rest.isFailed) {
      session.warn(rest.text);
      return 1;
    }
    if (rest.text !== last) session.print(`${rest.text}\n`);
    last = rest.text;
    if (flag(session.parsed, 'watch') === 'false') return 0;
    if (deadline !== undefined && session.host.now >= deadline) {
      session.warn('error: timed out waiting for the condition');
      return 1;
    }
    yield { kind: 'change', revision: session.host.revision, untilMs: deadline };
  }
}

function ownedSets(session: Session, { metadata }: Deployment): readonly ReplicaSet[] {
  const sets = (listObjects(session, replicaSet) as readonly ReplicaSet[]).filter((set) =>
    set.metadata?.ownerReferences?.some((owner) => owner.uid === metadata?.uid),
  );
  return [...sets].sort((a, b) => revisionOf(a) - revisionOf(b));
}

function revisionOf(object: ApiObject): number {
  return Number(object.metadata?.annotations?.[revisionKey] ?? 0);
}

function printHistory(session: Session, object: Deployment): number {
  const wanted = flag(session.parsed, 'revision');
  const sets = ownedSets(session, object);
  session.print(`${shownName(deployment, object.metadata?.name ?? '')} `);
  if (wanted !== undefined) {
    const found = sets.find((set) => revisionOf(set) === Number(wanted));
    if (!found) throw new UsageProblem(`unable to find the specified revision`);
    session.print(`with revision #${wanted}\n${describeTemplate(found.spec?.template, found.metadata?.annotations?.[causeKey])}`);
    return 0;
  }
  session.print('\nREVISION  CHANGE-CAUSE\n');
  for (const set of sets) session.print(`${String(revisionOf(set)).padEnd(10)}${set.metadata?.annotations?.[causeKey] ?? '<none>'}\n`);
  session.print('\n');
  return 0;
}

/** Puts an earlier template back. Kubernetes: kubectl/pkg/polymorphichelpers/rollback.go. */
function undo(session: Session, object: Deployment): number {
  const name = object.metadata?.name ?? '';
  if (object.spec?.paused)
    throw new UsageProblem(`you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`);
  const wanted = Number(flag(session.parsed, 'to-revision') ?? 0);
  const sets = ownedSets(session, object);
  const target = wanted > 0 ? sets.find((set) => revisionOf(set) === wanted) : sets.at(-2);
  if (!target)
    throw new UsageProblem(
      wanted > 0
        ? `unable to find specified revision ${wanted} in history`
        : `no rollout history found for ${quotedName(deployment, name)}`,
    );
  const template = target.spec?.template;
  const { 'pod-template-hash': _, ...labels } = template?.metadata?.labels ?? {};
  const cleaned = { ...template, metadata: { ...template?.metadata, labels } };
  if (target === sets.at(-1)) {
    session.print(`${shownName(deployment, name)} skipped rollback (current template already matches revision ${wanted})\n`);
    return 0;
  }
  const cause = target.metadata?.annotations?.[causeKey];
  const annotations = { ...object.metadata?.annotations };
  if (cause === undefined) delete annotations[causeKey];
  else annotations[causeKey] = cause;
  call(session, 'patch', deployment, {
    name,
    options: { patchType: 'json' },
    body: [
      { op: 'replace', path: '/spec/template', value: cleaned },
      { op: 'replace', path: '/metadata/annotations', value: annotations },
    ],
  });
  session.print(`${shownName(deployment, name)} rolled back\n`);
  return 0;
}
