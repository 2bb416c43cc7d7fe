import type { Deployment } from '../kinds/apps/deployment.ts';
import type { ReplicaSet } from '../kinds/apps/replica-set.ts';
import type { V1PodTemplateSpec } from '../schema/generated/models.ts';
import { deepEqual } from '../sim/plain.ts';
import { byAge, metaOf } from './stored-object.ts';

/** Which ReplicaSet stands for which revision. Kubernetes: pkg/controller/deployment/util (1.36). */
export const hashLabel = 'pod-template-hash';
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
const maxAnnotation = 'deployment.kubernetes.io/max-replicas';
const maxHistoryChars = 2000;

/** Deployment annotations that its ReplicaSets do not get. */
const ownAnnotations: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.revision',
]);

export type Annotations = Readonly<Record<string, string>>;

function isSameTemplate(a: V1PodTemplateSpec | undefined, b: V1PodTemplateSpec | undefined): boolean {
  return (
    deepEqual(a?.spec, b?.spec) &&
    deepEqual(a?.metadata?.annotations ?? {}, b?.metadata?.annotations ?? {}) &&
    deepEqual(withoutHash(a), withoutHash(b))
  );
}

function withoutHash(template: V1PodTemplateSpec | undefined): Annotations {
  const { [hashLabel]: _, ...labels } = template?.metadata?.labels ?? {};
  return labels;
}

export interface ReplicaSets {
  /** The one with the Deployment's template; the oldest when there are several. */
  readonly current: ReplicaSet | undefined;
  /** All others, in the order given. */
  readonly old: readonly ReplicaSet[];
}

export function splitReplicaSets(deployment: Deployment, all: readonly ReplicaSet[]): ReplicaSets {
  const current = [...all].sort(byAge).find((candidate) => isSameTemplate(candidate.spec?.template, deployment.spec?.template));
  return { current, old: all.filter((candidate) => candidate !== current) };
}

export function hasTemplateOf(candidate: ReplicaSet, deployment: Deployment): boolean {
  return isSameTemplate(candidate.spec?.template, deployment.spec?.template);
}

export function revisionOf(object: ReplicaSet | Deployment): number {
  const revision = Number(object.metadata?.annotations?.[revisionAnnotation] ?? 0);
  return Number.isInteger(revision) ? revision : 0;
}

/** The number that the current ReplicaSet must have: above all others. */
export function nextRevision(old: readonly ReplicaSet[]): number {
  return old.reduce((most, candidate) => Math.max(most, revisionOf(candidate)), 0) + 1;
}

/** Annotations of a ReplicaSet of the given revision: the Deployment's (a change cause among them), plus the revision and its history. */
export function annotationsFor(deployment: Deployment, before: Annotations, revision: number, isNew: boolean): Annotations {
  const next: Record<string, string> = { ...before };
  for (const [key, value] of Object.entries(deployment.metadata?.annotations ?? {})) if (!ownAnnotations.has(key)) next[key] = value;
  const previous = Number(before[revisionAnnotation] ?? 0);
  if (previous < revision) {
    next[revisionAnnotation] = String(revision);
    if (!isNew && previous > 0) next[historyAnnotation] = appendHistory(before[historyAnnotation], String(previous));
  }
  return next;
}

/** Drops the oldest numbers when the list would grow too long. */
function appendHistory(history: string | undefined, revision: string): string {
  const entries = history ? history.split(',') : [];
  entries.push(revision);
  while (entries.join(',').length > maxHistoryChars) entries.shift();
  return entries.join(',');
}

/** How large the Deployment was when the ReplicaSet was last scaled; what proportional scaling starts from. */
export function scaleAnnotations(desired: number, max: number): Annotations {
  return { [desiredAnnotation]: String(desired), [maxAnnotation]: String(max) };
}

export function hasScaleAnnotations(candidate: ReplicaSet, desired: number, max: number): boolean {
  const annotations = candidate.metadata?.annotations;
  return annotations?.[desiredAnnotation] === String(desired) && annotations[maxAnnotation] === String(max);
}

export function desiredBefore(candidate: ReplicaSet): number | undefined {
  return annotationNumber(candidate, desiredAnnotation);
}

export function maxBefore(candidate: ReplicaSet): number | undefined {
  return annotationNumber(candidate, maxAnnotation);
}

function annotationNumber(candidate: ReplicaSet, name: string): number | undefined {
  const text = candidate.metadata?.annotations?.[name];
  const value = Number(text);
  return text !== undefined && Number.isInteger(value) ? value : undefined;
}

/** Old ReplicaSets beyond `revisionHistoryLimit`, lowest revision first; those with pods stay. */
export function planCleanup(deployment: Deployment, old: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const limit = deployment.spec?.revisionHistoryLimit ?? 10;
  const alive = old.filter((candidate) => candidate.metadata?.deletionTimestamp === undefined);
  const surplus = alive.length - limit;
  if (surplus <= 0) return [];
  const byRevision = [...alive].sort((a, b) => revisionOf(a) - revisionOf(b) || byAge(a, b));
  return byRevision.slice(0, surplus).filter(({ spec, status, metadata }) => {
    return (status?.replicas ?? 0) === 0 && (spec?.replicas ?? 0) === 0 && (metadata?.generation ?? 0) <= (status?.observedGeneration ?? 0);
  });
}

const safeAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Ten letters and digits that depend on the template and on how often its name was already taken. No vowels, so no words. */
export function templateHash(template: V1PodTemplateSpec, collisionCount: number | undefined): string {
  const text = `${templateText(template)}#${collisionCount ?? ''}`;
  let low = 0x811c9dc5;
  let high = 0x9dc5811c;
  for (let i = 0; i < text.length; i++) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193) >>> 0;
    high = Math.imul(high ^ (text.charCodeAt(i) + i), 0x01000193) >>> 0;
  }
  let hash = '';
  for (let i = 0; i < 10; i++) {
    const word = i < 5 ? low : high;
    hash += safeAlphabet[Math.floor(word / 27 ** (i % 5)) % 27];
  }
  return hash;
}

/** Stored templates are frozen and shared, so their text is worked out once however often they are looked at. */
const templateTexts = new WeakMap<V1PodTemplateSpec, string>();

function templateText(template: V1PodTemplateSpec): string {
  const known = templateTexts.get(template);
  if (known !== undefined) return known;
  const text = canonicalJson(template);
  if (Object.isFrozen(template)) templateTexts.set(template, text);
  return text;
}

/** JSON with sorted keys: the order in which fields were written must not make a new revision. */
function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`;
}

/** Owner, selector and hash are in the name: two Deployments never share a ReplicaSet. */
export function replicaSetName(deployment: Deployment, hash: string): string {
  return `${metaOf(deployment).name}-${hash}`;
}
