import { type Node, node } from '../../../kinds/core/node.ts';
import { type Pod, pod } from '../../../kinds/core/pod.ts';
import type { AnyKind, ApiObject } from '../../../kinds/define-kind.ts';
import type { V1PodSpec, V1Taint } from '../../../schema/generated/models.ts';
import { readManifests } from '../../../schema/yaml-input.ts';
import type { Wait } from '../../task.ts';
import { flag, isSet, UsageProblem } from '../flags.ts';
import { call, findObject, getObject, listObjects, readNamed, readTargets, type Session, shownName } from '../session.ts';
import { dryRunFlag, immediateVerb, type KubectlVerb, selectorFlags } from '../verb.ts';
import { dryRunOf, dryRunOption, dryRunSuffix, report } from './manifests.ts';

/** The objects that words and selectors name. */
function chosen(session: Session, words: readonly string[]): readonly { readonly kind: AnyKind; readonly object: ApiObject }[] {
  return readTargets(session, words).flatMap(({ kind, names }) => {
    if (names.length > 0) return names.map((name) => ({ kind, object: getObject(session, kind, name) }));
    const labelSelector = flag(session.parsed, 'selector');
    if (labelSelector === undefined && !isSet(session.parsed, 'all'))
      throw new UsageProblem('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    return listObjects(session, kind, labelSelector === undefined ? {} : { labelSelector }).map((object) => ({ kind, object }));
  });
}

/** Words that set (`key=value`) or remove (`key-`), apart from those that name objects. */
function splitPairs(words: readonly string[]): { readonly targets: readonly string[]; readonly pairs: readonly string[] } {
  const first = words.findIndex((word, index) => index > 0 && (/^[^/=]+(\/[^=]*)?=/.test(word) || /-$/.test(word)));
  return first < 0 ? { targets: words, pairs: [] } : { targets: words.slice(0, first), pairs: words.slice(first) };
}

function metadataVerb(name: 'label' | 'annotate', field: 'labels' | 'annotations', done: string): KubectlVerb {
  return immediateVerb({
    name,
    summary: `Update the ${field} on a resource`,
    flags: { ...dryRunFlag, ...selectorFlags, overwrite: { type: 'boolean' }, all: { type: 'boolean' } },
    run(session) {
      const { targets, pairs } = splitPairs(session.parsed.words);
      if (pairs.length === 0) throw new UsageProblem(`at least one ${name === 'label' ? 'label' : 'annotation'} update is required`);
      let status = 0;
      for (const { kind, object } of chosen(session, targets)) {
        const before: Readonly<Record<string, string>> = object.metadata?.[field] ?? {};
        const changes = Object.fromEntries(
          pairs.map((pair) =>
            pair.includes('=') ? [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] : [pair.slice(0, -1), null],
          ),
        );
        const clash = Object.entries(changes).find(([key, value]) => value !== null && before[key] !== undefined && before[key] !== value);
        if (clash && !isSet(session.parsed, 'overwrite')) {
          session.warn(`error: '${clash[0]}' already has a value (${before[clash[0]] ?? ''}), and --overwrite is false`);
          status = 1;
          continue;
        }
        const { name: objectName = '', namespace } = object.metadata ?? {};
        const isSame = Object.entries(changes).every(([key, value]) => (value ?? undefined) === before[key]);
        const written = call(session, 'patch', kind, {
          name: objectName,
          ...(namespace && { namespace }),
          body: { metadata: { [field]: changes } },
          options: { patchType: 'merge', ...dryRunOption(session) },
        }) as ApiObject;
        report(
          session,
          written,
          isSame ? `not ${done}` : Object.values(changes).every((value) => value === null) && name === 'label' ? 'unlabeled' : done,
        );
      }
      return status;
    },
  });
}

export const label = metadataVerb('label', 'labels', 'labeled');
export const annotate = metadataVerb('annotate', 'annotations', 'annotated');

/** `kubectl scale`. */
export const scale = immediateVerb({
  name: 'scale',
  summary: 'Set a new size for a deployment, replica set, or replication controller',
  flags: {
    ...dryRunFlag,
    replicas: { type: 'value' },
    'current-replicas': { type: 'value' },
    selector: { short: 'l', type: 'value' },
    timeout: { type: 'value' },
  },
  run(session) {
    const replicas = flag(session.parsed, 'replicas');
    if (replicas === undefined || !/^\d+$/.test(replicas))
      throw new UsageProblem('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    for (const { kind, object } of chosen(session, session.parsed.words)) {
      const name = object.metadata?.name ?? '';
      const expected = flag(session.parsed, 'current-replicas');
      const current = kind.scale?.replicas(object);
      if (current === undefined) throw new UsageProblem(`Error from server (NotFound): the server could not find the requested resource`);
      if (expected !== undefined && Number(expected) !== current)
        throw new UsageProblem(`Expected replicas to be ${expected}, was ${current}`);
      call(session, 'patch', kind, {
        name,
        subresource: 'scale',
        body: { spec: { replicas: Number(replicas) } },
        options: { patchType: 'merge', ...dryRunOption(session) },
      });
      session.print(`${shownName(kind, name)} scaled${dryRunSuffix(dryRunOf(session))}\n`);
    }
    return 0;
  },
});

function templateSpec(object: ApiObject): V1PodSpec | undefined {
  const { spec } = object as { readonly spec?: { readonly template?: { readonly spec?: V1PodSpec } } & Partial<V1PodSpec> };
  return spec?.template?.spec ?? (spec?.containers ? (spec as V1PodSpec) : undefined);
}

function wrapTemplate(object: ApiObject, spec: object): object {
  return (object as { readonly spec?: { readonly template?: unknown } }).spec?.template === undefined
    ? { spec }
    : { spec: { template: { spec } } };
}

/** `kubectl set image` and `kubectl set env`. */
export const set = immediateVerb({
  name: 'set',
  summary: 'Set specific features on objects',
  flags: {
    ...dryRunFlag,
    ...selectorFlags,
    all: { type: 'boolean' },
    containers: { short: 'c', type: 'value' },
    limits: { type: 'value' },
    requests: { type: 'value' },
  },
  run(session) {
    const [what, ...words] = session.parsed.words;
    if (what !== 'image' && what !== 'env' && what !== 'resources')
      throw new UsageProblem(`set ${what ?? ''} is not simulated; image, env and resources are`);
    const { targets, pairs } = splitPairs(words);
    for (const { kind, object } of chosen(session, targets)) {
      const containers = templateSpec(object)?.containers ?? [];
      const patch = containers.flatMap((container) => {
        const change = changeOf(session, what, container.name, pairs);
        return change ? [{ name: container.name, ...change }] : [];
      });
      if (what === 'image') {
        const unknown = pairs
          .map((pair) => pair.slice(0, pair.indexOf('=')))
          .find((name) => name !== '*' && !containers.some((container) => container.name === name));
        if (unknown !== undefined) throw new UsageProblem(`unable to find container named "${unknown}"`);
      }
      const name = object.metadata?.name ?? '';
      const written = call(session, 'patch', kind, {
        name,
        body: wrapTemplate(object, { containers: patch }),
        options: { patchType: 'strategic', ...dryRunOption(session) },
      }) as ApiObject;
      if (written.metadata?.resourceVersion !== object.metadata?.resourceVersion)
        report(session, written, what === 'resources' ? 'resource requirements updated' : `${what} updated`);
    }
    return 0;
  },
});

function changeOf(session: Session, what: 'image' | 'env' | 'resources', container: string, pairs: readonly string[]): object | undefined {
  const only = flag(session.parsed, 'containers');
  if (what === 'resources') {
    const amounts = (name: string): object | undefined => {
      const text = flag(session.parsed, name);
      return text === undefined ? undefined : Object.fromEntries(text.split(',').map((pair) => pair.split('=') as [string, string]));
    };
    const [limits, requests] = [amounts('limits'), amounts('requests')];
    return only !== undefined && only !== container
      ? undefined
      : { resources: { ...(limits && { limits }), ...(requests && { requests }) } };
  }
  if (what === 'env') {
    if (only !== undefined && only !== container) return undefined;
    return {
      env: pairs.map((pair) =>
        pair.endsWith('-') && !pair.includes('=')
          ? { name: pair.slice(0, -1), $patch: 'delete' }
          : { name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) },
      ),
    };
  }
  const image = pairs.find((pair) => pair.startsWith(`${container}=`) || pair.startsWith('*='));
  return image === undefined ? undefined : { image: image.slice(image.indexOf('=') + 1) };
}

/** `kubectl patch`. */
export const patch = immediateVerb({
  name: 'patch',
  summary: 'Update fields of a resource',
  flags: { ...dryRunFlag, patch: { short: 'p', type: 'value' }, type: { type: 'value' }, subresource: { type: 'value' } },
  run(session) {
    const text = flag(session.parsed, 'patch');
    if (text === undefined) throw new UsageProblem('must specify --patch or --patch-file containing the contents of the patch');
    const type = flag(session.parsed, 'type') ?? 'strategic';
    if (type !== 'strategic' && type !== 'merge' && type !== 'json')
      throw new UsageProblem(`--type must be one of [json merge strategic], not ${JSON.stringify(type)}`);
    const { documents, problems } = readManifests(text);
    if (problems[0] || !documents[0])
      throw new UsageProblem(`unable to parse ${JSON.stringify(text)}: ${problems[0]?.message ?? 'it is empty'}`);
    const subresource = flag(session.parsed, 'subresource');
    for (const { kind, name } of readNamed(session, session.parsed.words)) {
      const before = getObject(session, kind, name);
      const written = call(session, 'patch', kind, {
        name,
        body: documents[0].value,
        options: { patchType: type, ...dryRunOption(session) },
        ...(subresource && { subresource }),
      }) as ApiObject;
      report(session, written, written.metadata?.resourceVersion === before.metadata?.resourceVersion ? 'patched (no change)' : 'patched');
    }
    return 0;
  },
});

function cordonVerb(name: 'cordon' | 'uncordon', isCordon: boolean): KubectlVerb {
  return immediateVerb({
    name,
    summary: isCordon ? 'Mark node as unschedulable' : 'Mark node as schedulable',
    flags: { ...dryRunFlag, selector: { short: 'l', type: 'value' } },
    run(session) {
      if (session.parsed.words.length === 0) throw new UsageProblem(`USAGE: ${name} NODE [flags]`);
      for (const nodeName of session.parsed.words) setSchedulable(session, nodeName, isCordon);
      return 0;
    },
  });
}

function setSchedulable(session: Session, name: string, isCordon: boolean): void {
  const before = getObject(session, node, name) as Node;
  const verb = isCordon ? 'cordoned' : 'uncordoned';
  if ((before.spec?.unschedulable ?? false) === isCordon) {
    session.print(`node/${name} already ${verb}\n`);
    return;
  }
  call(session, 'patch', node, {
    name,
    body: { spec: { unschedulable: isCordon ? true : null } },
    options: { patchType: 'strategic', ...dryRunOption(session) },
  });
  session.print(`node/${name} ${verb}${dryRunSuffix(dryRunOf(session))}\n`);
}

export const cordon = cordonVerb('cordon', true);
export const uncordon = cordonVerb('uncordon', false);

/** `kubectl drain`. */
export const drain: KubectlVerb = {
  name: 'drain',
  summary: 'Drain node in preparation for maintenance',
  flags: {
    force: { type: 'boolean' },
    'ignore-daemonsets': { type: 'boolean' },
    'delete-emptydir-data': { type: 'boolean' },
    'grace-period': { type: 'value' },
    timeout: { type: 'value' },
    ...dryRunFlag,
  },
  *run(session) {
    const [name] = session.parsed.words;
    if (name === undefined) throw new UsageProblem('USAGE: drain NODE [flags]');
    setSchedulable(session, name, true);
    const pods = (
      call(session, 'list', pod, { namespace: '', options: { fieldSelector: `spec.nodeName=${name}` } }) as {
        readonly items: readonly Pod[];
      }
    ).items;
    const { victims, problems, warnings } = sortVictims(session, pods);
    if (problems.length > 0) {
      session.warn(
        `error: unable to drain node "${name}" due to error: ${problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`}, continuing command...\nThere are pending nodes to be drained:\n ${name}\n${problems.map((problem) => `error: ${problem}`).join('\n')}`,
      );
      return 1;
    }
    for (const warning of warnings) session.warn(`Warning: ${warning}`);
    for (const { metadata } of victims) {
      const place = { name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' };
      session.print(`evicting pod ${place.namespace}/${place.name}\n`);
      call(session, 'create', pod, {
        ...place,
        subresource: 'eviction',
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: place },
      });
    }
    for (const { metadata } of victims) yield* waitForEnd(session, metadata?.namespace ?? '', metadata?.name ?? '', metadata?.uid ?? '');
    session.print(`node/${name} drained\n`);
    return 0;
  },
};

function sortVictims(
  session: Session,
  pods: readonly Pod[],
): { readonly victims: readonly Pod[]; readonly problems: readonly string[]; readonly warnings: readonly string[] } {
  const nameOf = ({ metadata }: Pod): string => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
  const isMirror = ({ metadata }: Pod): boolean => metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined;
  const controllerOf = ({ metadata }: Pod): string | undefined => metadata?.ownerReferences?.find((owner) => owner.controller)?.kind;
  const others = pods.filter((one) => !isMirror(one));
  const daemons = others.filter((one) => controllerOf(one) === 'DaemonSet');
  const bare = others.filter((one) => controllerOf(one) === undefined);
  const local = others.filter((one) => controllerOf(one) !== 'DaemonSet' && one.spec?.volumes?.some((volume) => volume.emptyDir));
  const problems: string[] = [];
  if (daemons.length > 0 && !isSet(session.parsed, 'ignore-daemonsets'))
    problems.push(`cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${daemons.map(nameOf).join(', ')}`);
  if (bare.length > 0 && !isSet(session.parsed, 'force'))
    problems.push(`cannot delete Pods that declare no controller (use --force to override): ${bare.map(nameOf).join(', ')}`);
  if (local.length > 0 && !isSet(session.parsed, 'delete-emptydir-data'))
    problems.push(`cannot delete Pods with local storage (use --delete-emptydir-data to override): ${local.map(nameOf).join(', ')}`);
  const warnings = [
    ...(daemons.length > 0 ? [`ignoring DaemonSet-managed Pods: ${daemons.map(nameOf).join(', ')}`] : []),
    ...(bare.length > 0 ? [`deleting Pods that declare no controller: ${bare.map(nameOf).join(', ')}`] : []),
  ];
  return { victims: others.filter((one) => controllerOf(one) !== 'DaemonSet'), problems, warnings };
}

function* waitForEnd(session: Session, namespace: string, name: string, uid: string): Generator<Wait, void, void> {
  for (;;) {
    const found = findObject(session, pod, name, namespace);
    if (!found || found.metadata?.uid !== uid) break;
    yield { kind: 'change', revision: session.host.revision, untilMs: undefined };
  }
  session.print(`pod/${name} evicted\n`);
}

/** `kubectl taint`. */
export const taint = immediateVerb({
  name: 'taint',
  summary: 'Update the taints on one or more nodes',
  flags: { ...dryRunFlag, overwrite: { type: 'boolean' }, all: { type: 'boolean' }, selector: { short: 'l', type: 'value' } },
  run(session) {
    const { words } = session.parsed;
    const specs = words.filter((word) => /[:=]|-$/.test(word));
    const targets = words.filter((word) => !specs.includes(word));
    if (specs.length === 0) throw new UsageProblem('at least one taint update is required');
    for (const { object } of chosen(session, targets)) {
      const name = object.metadata?.name ?? '';
      let taints: readonly V1Taint[] = (object as Node).spec?.taints ?? [];
      for (const spec of specs) taints = changeTaints(session, name, taints, spec);
      call(session, 'patch', node, {
        name,
        body: { spec: { taints: taints.length === 0 ? null : taints } },
        options: { patchType: 'merge', ...dryRunOption(session) },
      });
      session.print(`node/${name} ${specs.every((spec) => spec.endsWith('-')) ? 'untainted' : 'tainted'}\n`);
    }
    return 0;
  },
});

function changeTaints(session: Session, nodeName: string, taints: readonly V1Taint[], spec: string): readonly V1Taint[] {
  const parts = /^([^=:]+?)(?:=([^:]*))?(?::(\w+))?(-)?$/.exec(spec);
  if (!parts) throw new UsageProblem(`invalid taint spec: ${spec}`);
  const [, key = '', value, effect, minus] = parts;
  if (minus) {
    const kept = taints.filter((one) => one.key !== key || (effect !== undefined && one.effect !== effect));
    if (kept.length === taints.length) throw new UsageProblem(`taint "${key}${effect ? `:${effect}` : ''}" not found`);
    return kept;
  }
  if (!effect || !['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect))
    throw new UsageProblem(
      `invalid taint spec: ${spec}, ${effect ? `invalid taint effect: ${effect}, unsupported taint effect` : 'missing effect'}`,
    );
  const known = taints.find((one) => one.key === key && one.effect === effect);
  if (known && !isSet(session.parsed, 'overwrite'))
    throw new UsageProblem(`node ${nodeName} already has ${key} taint(s) with same effect(s) and --overwrite is false`);
  return [...taints.filter((one) => one !== known), { key, effect, ...(value && { value }) }];
}
