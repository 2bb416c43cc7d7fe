import { ageSince } from '../../../kinds/columns.ts';
import type { Node } from '../../../kinds/core/node.ts';
import { type Pod, pod } from '../../../kinds/core/pod.ts';
import { alignRows } from '../printers.ts';
import { call, type Session } from '../session.ts';
import { header, type Line, table, timeText } from './describe-table.ts';
import { annotationLines, pairLines } from './describe-template.ts';

/** `kubectl describe node`. */
export function describeNode(session: Session, object: Node): string {
  const { spec, status, metadata } = object;
  const roles =
    Object.keys(metadata?.labels ?? {})
      .filter((key) => key.startsWith('node-role.kubernetes.io/'))
      .map((key) => key.slice(24))
      .join(',') || '<none>';
  const pods = (
    call(session, 'list', pod, { namespace: '', options: { fieldSelector: `spec.nodeName=${metadata?.name ?? ''}` } }) as {
      readonly items: readonly Pod[];
    }
  ).items.filter((one) => !['Succeeded', 'Failed'].includes(one.status?.phase ?? ''));
  return [
    table([
      ...header(object, false),
      ['Roles', roles],
      ['Labels', pairLines(metadata?.labels, '')],
      ['Annotations', annotationLines(metadata?.annotations, '')],
      ['CreationTimestamp', timeText(metadata?.creationTimestamp)],
      [
        'Taints',
        (spec?.taints ?? []).map((taint) => `${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`).join('\n') || '<none>',
      ],
      ['Unschedulable', String(spec?.unschedulable ?? false)],
    ]),
    'Conditions:\n',
    alignRows(
      [
        ['  Type', 'Status', 'LastHeartbeatTime', 'LastTransitionTime', 'Reason', 'Message'],
        ['  ----', '------', '-----------------', '------------------', '------', '-------'],
        ...(status?.conditions ?? []).map((condition) => [
          `  ${condition.type}`,
          condition.status,
          timeText(condition.lastHeartbeatTime),
          timeText(condition.lastTransitionTime),
          condition.reason ?? '',
          condition.message ?? '',
        ]),
      ],
      2,
    ),
    `Addresses:\n${(status?.addresses ?? []).map(({ type, address }) => `  ${type}:  ${address}\n`).join('')}`,
    `Capacity:\n${amounts(status?.capacity)}`,
    `Allocatable:\n${amounts(status?.allocatable)}`,
    systemInfo(object),
    ...(spec?.podCIDR ? [`PodCIDR:                      ${spec.podCIDR}\n`] : []),
    ...(spec?.providerID ? [`ProviderID:                   ${spec.providerID}\n`] : []),
    `Non-terminated Pods:          (${pods.length} in total)\n`,
    alignRows(
      [
        ['  Namespace', 'Name', 'Age'],
        ['  ---------', '----', '---'],
        ...pods.map((one) => [
          `  ${one.metadata?.namespace ?? ''}`,
          one.metadata?.name ?? '',
          ageSince(one.metadata?.creationTimestamp, session.host.now),
        ]),
      ],
      2,
    ),
  ].join('');
}

function amounts(values: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(values ?? {})
    .sort()
    .map(([name, value]) => `  ${`${name}:`.padEnd(20)}${value}\n`)
    .join('');
}

function systemInfo({ status }: Node): string {
  const info = status?.nodeInfo;
  if (!info) return '';
  const lines: readonly Line[] = [
    ['Machine ID', info.machineID],
    ['Kernel Version', info.kernelVersion],
    ['OS Image', info.osImage],
    ['Operating System', info.operatingSystem],
    ['Architecture', info.architecture],
    ['Container Runtime Version', info.containerRuntimeVersion],
    ['Kubelet Version', info.kubeletVersion],
  ];
  return `System Info:\n${lines.map(([name, value]) => `  ${`${name}:`.padEnd(28)}${value}\n`).join('')}`;
}
