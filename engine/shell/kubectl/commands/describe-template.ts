import type { V1Container, V1PodTemplateSpec, V1Probe } from '../../../schema/generated/models.ts';

/** `app=web` lines under one heading, in describe's columns. */
export function pairLines(pairs: Readonly<Record<string, string>> | undefined, indent: string): string {
  const lines = Object.entries(pairs ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  return lines.length === 0 ? '<none>' : lines.join(`\n${indent}`);
}

export function annotationLines(pairs: Readonly<Record<string, string>> | undefined, indent: string): string {
  const lines = Object.entries(pairs ?? {})
    .filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value}`);
  return lines.length === 0 ? '<none>' : lines.join(`\n${indent}`);
}

export function describeProbe(probe: V1Probe): string {
  const { initialDelaySeconds = 0, timeoutSeconds = 1, periodSeconds = 10, successThreshold = 1, failureThreshold = 3 } = probe;
  const attributes = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`;
  if (probe.exec) return `exec [${(probe.exec.command ?? []).join(' ')}] ${attributes}`;
  if (probe.httpGet)
    return `http-get ${(probe.httpGet.scheme ?? 'HTTP').toLowerCase()}://${probe.httpGet.host ?? ''}:${probe.httpGet.port}${probe.httpGet.path ?? ''} ${attributes}`;
  if (probe.tcpSocket) return `tcp-socket ${probe.tcpSocket.host ?? ''}:${probe.tcpSocket.port} ${attributes}`;
  return `grpc <pod>:${probe.grpc?.port ?? ''} ${attributes}`;
}

/** The lines of a container that come from its spec. */
export function containerSpecLines(container: V1Container, indent: string): readonly string[] {
  const ports = (container.ports ?? []).map(
    (port) => `${port.containerPort}/${port.protocol ?? 'TCP'}${port.name ? ` (${port.name})` : ''}`,
  );
  const hostPorts = (container.ports ?? []).map(
    (port) => `${port.hostPort ?? 0}/${port.protocol ?? 'TCP'}${port.name ? ` (${port.name})` : ''}`,
  );
  const block = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`${indent}${title}:`, ...lines.map((line) => `${indent}  ${line}`)];
  const plural = (name: string, count: number): string => `${count === 1 ? `${name}:` : `${name}s:`}`;
  return [
    `${indent}${plural('Port', Math.max(1, ports.length)).padEnd(15)}${ports.join(', ') || '<none>'}`,
    `${indent}${plural('Host Port', Math.max(1, ports.length)).padEnd(15)}${hostPorts.join(', ') || '<none>'}`,
    ...block('Command', container.command ?? []),
    ...block('Args', container.args ?? []),
    ...block(
      'Limits',
      Object.entries(container.resources?.limits ?? {})
        .sort()
        .map(([name, value]) => `${`${name}:`.padEnd(9)}${value}`),
    ),
    ...block(
      'Requests',
      Object.entries(container.resources?.requests ?? {})
        .sort()
        .map(([name, value]) => `${`${name}:`.padEnd(9)}${value}`),
    ),
    ...(container.livenessProbe ? [`${indent}Liveness:       ${describeProbe(container.livenessProbe)}`] : []),
    ...(container.readinessProbe ? [`${indent}Readiness:      ${describeProbe(container.readinessProbe)}`] : []),
    ...(container.startupProbe ? [`${indent}Startup:        ${describeProbe(container.startupProbe)}`] : []),
    ...environmentLines(container, indent),
  ];
}

function environmentLines(container: V1Container, indent: string): readonly string[] {
  const variables = container.env ?? [];
  if (variables.length === 0) return [`${indent}Environment:    <none>`];
  const widest = Math.max(...variables.map(({ name }) => name.length)) + 1;
  return [
    `${indent}Environment:`,
    ...variables.map(({ name, value, valueFrom }) => {
      const source = valueFrom?.fieldRef
        ? ` (${valueFrom.fieldRef.apiVersion ?? 'v1'}:${valueFrom.fieldRef.fieldPath})`
        : valueFrom?.configMapKeyRef
          ? `<set to the key '${valueFrom.configMapKeyRef.key}' of config map '${valueFrom.configMapKeyRef.name ?? ''}'>`
          : valueFrom?.secretKeyRef
            ? `<set to the key '${valueFrom.secretKeyRef.key}' in secret '${valueFrom.secretKeyRef.name ?? ''}'>`
            : '';
      return `${indent}  ${`${name}:`.padEnd(widest)}  ${value ?? source}`;
    }),
  ];
}

/** The `Pod Template` part of workloads. */
export function describeTemplate(template: V1PodTemplateSpec | undefined, changeCause?: string): string {
  const annotations = annotationLines(
    { ...template?.metadata?.annotations, ...(changeCause && { 'kubernetes.io/change-cause': changeCause }) },
    '                ',
  );
  const containers = (template?.spec?.containers ?? []).flatMap((container) => [
    `   ${container.name}:`,
    `    ${'Image:'.padEnd(15)}${container.image ?? ''}`,
    ...containerSpecLines(container, '    '),
    `    Mounts:         ${(container.volumeMounts ?? []).map((mount) => `${mount.mountPath} from ${mount.name}`).join(', ') || '<none>'}`,
  ]);
  return [
    'Pod Template:',
    `  Labels:       ${pairLines(template?.metadata?.labels, '                ')}`,
    ...(annotations === '<none>' ? [] : [`  Annotations:  ${annotations}`]),
    '  Containers:',
    ...containers,
    `  Volumes:         ${(template?.spec?.volumes ?? []).map(({ name }) => name).join(', ') || '<none>'}`,
    `  Node-Selectors:  ${pairLines(template?.spec?.nodeSelector, '                   ')}`,
    `  Tolerations:     ${(template?.spec?.tolerations ?? []).map(({ key = '' }) => key).join(', ') || '<none>'}`,
    '',
  ].join('\n');
}
