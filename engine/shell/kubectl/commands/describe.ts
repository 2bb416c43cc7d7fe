import { type Deployment, deployment } from '../../../kinds/apps/deployment.ts';
import { type ReplicaSet, replicaSet } from '../../../kinds/apps/replica-set.ts';
import { ageSince } from '../../../kinds/columns.ts';
import { type Event, event } from '../../../kinds/core/event.ts';
import { node } from '../../../kinds/core/node.ts';
import { type Pod, pod } from '../../../kinds/core/pod.ts';
import { type Service, service } from '../../../kinds/core/service.ts';
import type { AnyKind, ApiObject } from '../../../kinds/define-kind.ts';
import { type EndpointSlice, endpointSlice } from '../../../kinds/discovery/endpoint-slice.ts';
import { formatSelector } from '../../../kinds/labels.ts';
import type { V1ContainerState, V1ContainerStatus, V1Toleration } from '../../../schema/generated/models.ts';
import { toYaml } from '../../../schema/yaml-output.ts';
import { flag, isSet } from '../flags.ts';
import { call, getObject, listObjects, readTargets, type Session } from '../session.ts';
import { immediateVerb, selectorFlags } from '../verb.ts';
import { describeNode } from './describe-node.ts';
import { header, type Line, table, timeText } from './describe-table.ts';
import { annotationLines, containerSpecLines, describeTemplate, pairLines } from './describe-template.ts';

function conditionsTable(
  conditions: readonly { readonly type: string; readonly status: string; readonly reason?: string }[] | undefined,
  withReason: boolean,
): string {
  if (!conditions || conditions.length === 0) return '';
  const rows = conditions.map(({ type, status, reason = '' }) =>
    withReason ? [`  ${type}`, status, reason] : [`  ${type}`, `${status} `],
  );
  const head = withReason
    ? [
        ['  Type', 'Status', 'Reason'],
        ['  ----', '------', '------'],
      ]
    : [['  Type', 'Status']];
  const widths = [0, 1].map((index) => Math.max(...[...head, ...rows].map((row) => row[index]?.length ?? 0)));
  return `Conditions:\n${[...head, ...rows].map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd((widths[index] ?? 0) + (withReason ? 2 : 7 - (index === 0 ? 5 : 0))))).join('')).join('\n')}\n`;
}

function stateLines(title: string, state: V1ContainerState | undefined): readonly string[] {
  const head = `    ${`${title}:`.padEnd(16)}`;
  if (state?.running) return [`${head}Running`, `      Started:      ${timeText(state.running.startedAt)}`];
  if (state?.waiting) return [`${head}Waiting`, ...(state.waiting.reason ? [`      Reason:       ${state.waiting.reason}`] : [])];
  if (!state?.terminated) return title === 'State' ? [`${head}Waiting`] : [];
  const { reason, message, exitCode, signal, startedAt, finishedAt } = state.terminated;
  return [
    `${head}Terminated`,
    ...(reason ? [`      Reason:       ${reason}`] : []),
    ...(message ? [`      Message:      ${message}`] : []),
    `      Exit Code:    ${exitCode}`,
    ...(signal ? [`      Signal:       ${signal}`] : []),
    `      Started:      ${timeText(startedAt)}`,
    `      Finished:     ${timeText(finishedAt)}`,
  ];
}

function containerBlock(
  object: Pod,
  title: string,
  names: 'containers' | 'initContainers',
  statuses: readonly V1ContainerStatus[] | undefined,
): string {
  const containers = object.spec?.[names] ?? [];
  if (containers.length === 0) return '';
  return `${title}:\n${containers
    .flatMap((container) => {
      const status = statuses?.find(({ name }) => name === container.name);
      const mounts = (container.volumeMounts ?? []).map(
        (mount) =>
          `      ${mount.mountPath} from ${mount.name} (${mount.readOnly ? 'ro' : 'rw'}${mount.subPath ? `,path="${mount.subPath}"` : ''})`,
      );
      const [ports = '', hostPorts = '', ...rest] = containerSpecLines(container, '    ');
      return [
        `  ${container.name}:`,
        `    Container ID:   ${status?.containerID ?? ''}`.trimEnd(),
        `    Image:          ${container.image ?? ''}`,
        `    Image ID:       ${status?.imageID ?? ''}`.trimEnd(),
        ports.replace(/^( {4}\S[^:]*:) */, (_whole, name: string) => name.padEnd(20)),
        hostPorts.replace(/^( {4}\S[^:]*:) */, (_whole, name: string) => name.padEnd(20)),
        ...rest.slice(
          0,
          rest.findIndex((line) => /^ {4}(Limits|Requests|Liveness|Readiness|Startup|Environment)/.test(line)),
        ),
        ...stateLines('State', status?.state),
        ...stateLines('Last State', status?.lastState),
        `    Ready:          ${status?.ready ? 'True' : 'False'}`,
        `    Restart Count:  ${status?.restartCount ?? 0}`,
        ...rest.slice(rest.findIndex((line) => /^ {4}(Limits|Requests|Liveness|Readiness|Startup|Environment)/.test(line))),
        ...(mounts.length === 0 ? ['    Mounts:         <none>'] : ['    Mounts:', ...mounts.sort()]),
      ];
    })
    .join('\n')}\n`;
}

function toleration({ key, operator, value, effect, tolerationSeconds }: V1Toleration): string {
  return `${key ?? ''}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}${operator === 'Exists' ? ' op=Exists' : ''}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`.trim();
}

function describePod(session: Session, object: Pod): string {
  const { spec, status, metadata } = object;
  const owner = metadata?.ownerReferences?.find((reference) => reference.controller);
  const grace =
    metadata?.deletionTimestamp === undefined ? undefined : `Terminating (lasts ${ageSince(metadata.deletionTimestamp, session.host.now)})`;
  return [
    table([
      ...header(object, true),
      ['Priority', String(spec?.priority ?? 0)],
      ['Service Account', spec?.serviceAccountName ?? ''],
      ['Node', spec?.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ''}` : '<none>'],
      ...(status?.startTime ? [['Start Time', timeText(status.startTime)] as const] : []),
      ['Labels', pairLines(metadata?.labels, '')],
      ['Annotations', annotationLines(metadata?.annotations, '')],
      ['Status', grace ?? status?.phase ?? ''],
      ...(status?.reason ? [['Reason', status.reason] as const] : []),
      ...(status?.message ? [['Message', status.message] as const] : []),
      ['IP', status?.podIP ?? ''],
    ]),
    `IPs:${(status?.podIPs ?? []).length === 0 ? '  <none>' : ''}\n${(status?.podIPs ?? []).map(({ ip }) => `  IP:  ${ip}\n`).join('')}`,
    owner ? `Controlled By:  ${owner.kind}/${owner.name}\n` : '',
    containerBlock(object, 'Init Containers', 'initContainers', status?.initContainerStatuses),
    containerBlock(object, 'Containers', 'containers', status?.containerStatuses),
    conditionsTable(status?.conditions, false),
    (spec?.volumes ?? []).length === 0
      ? 'Volumes:        <none>\n'
      : `Volumes:\n${(spec?.volumes ?? []).map((volume) => `  ${volume.name}:\n    Type:  ${Object.keys(volume).find((key) => key !== 'name') ?? ''}\n`).join('')}`,
    `QoS Class:                   ${status?.qosClass ?? ''}\n`,
    `Node-Selectors:              ${pairLines(spec?.nodeSelector, ' '.repeat(29))}\n`,
    `Tolerations:                 ${
      (spec?.tolerations ?? [])
        .map(toleration)
        .sort()
        .join(`\n${' '.repeat(29)}`) || '<none>'
    }\n`,
  ].join('');
}

function describeDeployment(session: Session, object: Deployment): string {
  const { spec, status, metadata } = object;
  const sets = (listObjects(session, replicaSet, {}, metadata?.namespace ?? '') as readonly ReplicaSet[]).filter((set) =>
    set.metadata?.ownerReferences?.some((owner) => owner.uid === metadata?.uid),
  );
  const revision = metadata?.annotations?.['deployment.kubernetes.io/revision'];
  const current = sets.find((set) => set.metadata?.annotations?.['deployment.kubernetes.io/revision'] === revision);
  const shown = (set: ReplicaSet): string =>
    `${set.metadata?.name ?? ''} (${set.status?.replicas ?? 0}/${set.spec?.replicas ?? 0} replicas created)`;
  const old = sets.filter((set) => set !== current);
  const rolling = spec?.strategy?.rollingUpdate;
  return [
    table([
      ...header(object, true),
      ['CreationTimestamp', timeText(metadata?.creationTimestamp)],
      ['Labels', pairLines(metadata?.labels, '')],
      ['Annotations', annotationLines(metadata?.annotations, '')],
      ['Selector', formatSelector(spec?.selector)],
      [
        'Replicas',
        `${spec?.replicas ?? 0} desired | ${status?.updatedReplicas ?? 0} updated | ${status?.replicas ?? 0} total | ${status?.availableReplicas ?? 0} available | ${status?.unavailableReplicas ?? 0} unavailable`,
      ],
      ['StrategyType', spec?.strategy?.type ?? ''],
      ['MinReadySeconds', String(spec?.minReadySeconds ?? 0)],
      ...(rolling
        ? [['RollingUpdateStrategy', `${rolling.maxUnavailable ?? ''} max unavailable, ${rolling.maxSurge ?? ''} max surge`] as const]
        : []),
    ]),
    describeTemplate(spec?.template),
    conditionsTable(status?.conditions, true),
    `OldReplicaSets:  ${old.map(shown).join(', ') || '<none>'}\n`,
    `NewReplicaSet:   ${current ? shown(current) : '<none>'}\n`,
  ].join('');
}

function describeReplicaSet(session: Session, object: ReplicaSet): string {
  const { spec, status, metadata } = object;
  const owner = metadata?.ownerReferences?.find((reference) => reference.controller);
  const pods = (listObjects(session, pod, {}, metadata?.namespace ?? '') as readonly Pod[]).filter((one) =>
    one.metadata?.ownerReferences?.some((reference) => reference.uid === metadata?.uid),
  );
  const count = (phase: string): number => pods.filter((one) => one.status?.phase === phase).length;
  return [
    table([
      ...header(object, true),
      ['Selector', formatSelector(spec?.selector)],
      ['Labels', pairLines(metadata?.labels, '')],
      ['Annotations', annotationLines(metadata?.annotations, '')],
      ...(owner ? [['Controlled By', `${owner.kind}/${owner.name}`] as const] : []),
      ['Replicas', `${status?.replicas ?? 0} current / ${spec?.replicas ?? 0} desired`],
      [
        'Pods Status',
        `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`,
      ],
    ]),
    describeTemplate(spec?.template),
  ].join('');
}

function describeService(session: Session, object: Service): string {
  const { spec, status, metadata } = object;
  const slices = listObjects(
    session,
    endpointSlice,
    { labelSelector: `kubernetes.io/service-name=${metadata?.name ?? ''}` },
    metadata?.namespace ?? '',
  ) as readonly EndpointSlice[];
  const endpoints = (name: string | undefined): string => {
    const found = slices.flatMap((slice) => {
      const port = (slice.ports ?? []).find((candidate) => (candidate.name ?? '') === (name ?? ''));
      return port
        ? (slice.endpoints ?? [])
            .filter((endpoint) => endpoint.conditions?.ready !== false)
            .map((endpoint) => `${endpoint.addresses[0] ?? ''}:${port.port ?? ''}`)
        : [];
    });
    return found.length > 3 ? `${found.slice(0, 3).join(',')} + ${found.length - 3} more...` : found.join(',');
  };
  const balanced = (status?.loadBalancer?.ingress ?? []).map((ingress) => ingress.ip ?? ingress.hostname ?? '').join(', ');
  return table([
    ...header(object, true),
    ['Labels', pairLines(metadata?.labels, '')],
    ['Annotations', annotationLines(metadata?.annotations, '')],
    ['Selector', formatSelector({ matchLabels: spec?.selector ?? {} })],
    ['Type', spec?.type ?? ''],
    ...(spec?.type === 'ExternalName'
      ? [['External Name', spec.externalName ?? ''] as const]
      : [
          ['IP Family Policy', spec?.ipFamilyPolicy ?? ''] as const,
          ['IP Families', (spec?.ipFamilies ?? []).join(',')] as const,
          ['IP', spec?.clusterIP ?? ''] as const,
          ['IPs', (spec?.clusterIPs ?? []).join(',')] as const,
        ]),
    ...(balanced === '' ? [] : [['LoadBalancer Ingress', balanced] as const]),
    ...(spec?.ports ?? []).flatMap((port): Line[] => [
      ['Port', `${port.name ?? '<unset>'}  ${port.port}/${port.protocol ?? 'TCP'}`],
      ['TargetPort', `${port.targetPort ?? port.port}/${port.protocol ?? 'TCP'}`],
      ...(port.nodePort ? [['NodePort', `${port.name ?? '<unset>'}  ${port.nodePort}/${port.protocol ?? 'TCP'}`] as const] : []),
      ['Endpoints', endpoints(port.name)],
    ]),
    ['Session Affinity', spec?.sessionAffinity ?? ''],
    ...(spec?.externalTrafficPolicy ? [['External Traffic Policy', spec.externalTrafficPolicy] as const] : []),
    ...(spec?.internalTrafficPolicy ? [['Internal Traffic Policy', spec.internalTrafficPolicy] as const] : []),
  ]);
}

/** Kinds without a description of their own show their fields. */
function describeGeneric(kind: AnyKind, object: ApiObject): string {
  const { metadata, apiVersion: _apiVersion, kind: _kind, ...rest } = object as ApiObject & Record<string, unknown>;
  const head = table([
    ...header(object, kind.namespaced),
    ['Labels', pairLines(metadata?.labels, '')],
    ['Annotations', annotationLines(metadata?.annotations, '')],
  ]);
  return `${head}${Object.keys(rest).length === 0 ? '' : toYaml(rest)}`;
}

type Describer = (session: Session, object: never) => string;
const describers = new Map<AnyKind, Describer>([
  [pod, describePod],
  [deployment, describeDeployment],
  [replicaSet, describeReplicaSet],
  [service, describeService],
  [node, describeNode],
]);

function describeEvents(session: Session, { metadata }: ApiObject): string {
  const events = (
    call(session, 'list', event, {
      namespace: metadata?.namespace ?? '',
      options: { fieldSelector: `involvedObject.uid=${metadata?.uid ?? ''}` },
    }) as { readonly items: readonly Event[] }
  ).items;
  if (events.length === 0) return 'Events:  <none>\n';
  const stamp = (one: Event): string => one.lastTimestamp ?? one.eventTime ?? '';
  const ordered = [...events].sort((a, b) =>
    stamp(a) < stamp(b) ? -1 : stamp(a) > stamp(b) ? 1 : Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion),
  );
  const age = (one: Event): string => {
    const last = ageSince(stamp(one), session.host.now);
    return (one.count ?? 1) > 1 ? `${last} (x${one.count} over ${ageSince(one.firstTimestamp, session.host.now)})` : last;
  };
  const rows = ordered.map((one) => [
    `  ${one.type ?? ''}`,
    one.reason ?? '',
    age(one),
    one.source?.component ?? one.reportingComponent ?? '',
    (one.message ?? '').trim(),
  ]);
  const all = [['  Type', 'Reason', 'Age', 'From', 'Message'], ['  ----', '------', '----', '----', '-------'], ...rows];
  const widths = [0, 1, 2, 3].map((index) => Math.max(...all.map((row) => row[index]?.length ?? 0)));
  return `Events:\n${all.map((row) => `${row.map((cell, index) => (index === 4 ? cell : cell.padEnd((widths[index] ?? 0) + 2))).join('')}\n`).join('')}`;
}

/** `kubectl describe`. */
export const describe = immediateVerb({
  name: 'describe',
  summary: 'Show details of a specific resource or group of resources',
  flags: { ...selectorFlags, 'show-events': { type: 'optional' } },
  run(session) {
    const labelSelector = flag(session.parsed, 'selector');
    const texts = readTargets(session, session.parsed.words).flatMap(({ kind, names }) => {
      const objects =
        names.length > 0
          ? names.map((name) => getObject(session, kind, name))
          : listObjects(session, kind, labelSelector === undefined ? {} : { labelSelector });
      return objects.map((object) => {
        const describer = describers.get(kind);
        const events = flag(session.parsed, 'show-events') === 'false' ? '' : describeEvents(session, object);
        return `${describer ? describer(session, object as never) : describeGeneric(kind, object)}${events}`;
      });
    });
    if (texts.length === 0)
      session.warn(
        isSet(session.parsed, 'all-namespaces') ? 'No resources found' : `No resources found in ${session.namespace} namespace.`,
      );
    session.print(texts.join('\n\n'));
    return 0;
  },
});
