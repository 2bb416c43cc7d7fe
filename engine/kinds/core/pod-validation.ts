import { duplicate, type FieldError, forbidden, invalid, notFoundField, notSupported, required } from '../../schema/field-error.ts';
import type { V1Container, V1ContainerPort, V1EnvVar, V1PodSpec, V1Probe, V1Toleration, V1Volume } from '../../schema/generated/models.ts';
import { parseQuantity } from '../../schema/quantity.ts';
import { dns1123Label, dns1123Subdomain } from '../define-kind.ts';
import { qualifiedNameProblems, validateLabels } from '../labels.ts';

/** Kubernetes: pkg/apis/core/validation/validation.go (1.36). */
export function validatePodSpec(spec: V1PodSpec, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const volumes = validateVolumes(spec.volumes ?? [], `${field}.volumes`, errors);
  const names = new Set<string>();
  if (!spec.containers || spec.containers.length === 0) errors.push(required(`${field}.containers`));
  for (const [index, container] of (spec.containers ?? []).entries()) {
    validateContainer(container, `${field}.containers[${index}]`, { names, volumes, isInit: false }, errors);
  }
  for (const [index, container] of (spec.initContainers ?? []).entries()) {
    validateContainer(container, `${field}.initContainers[${index}]`, { names, volumes, isInit: true }, errors);
  }
  checkHostPorts(spec.containers ?? [], `${field}.containers`, errors);
  oneOf(errors, `${field}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']);
  oneOf(errors, `${field}.dnsPolicy`, spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']);
  if (spec.dnsPolicy === 'None' && !(spec.dnsConfig?.nameservers ?? []).length) {
    errors.push(required(`${field}.dnsConfig.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'));
  }
  errors.push(...validateLabels(spec.nodeSelector, `${field}.nodeSelector`));
  if (spec.serviceAccountName)
    for (const problem of dns1123Subdomain(spec.serviceAccountName))
      errors.push(invalid(`${field}.serviceAccountName`, spec.serviceAccountName, problem));
  if (spec.nodeName)
    for (const problem of dns1123Subdomain(spec.nodeName)) errors.push(invalid(`${field}.nodeName`, spec.nodeName, problem));
  if (spec.activeDeadlineSeconds !== undefined && (spec.activeDeadlineSeconds < 1 || spec.activeDeadlineSeconds > 2147483647)) {
    errors.push(invalid(`${field}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, 'must be between 1 and 2147483647, inclusive'));
  }
  if (spec.hostname) for (const problem of dns1123Label(spec.hostname)) errors.push(invalid(`${field}.hostname`, spec.hostname, problem));
  validateTolerations(spec.tolerations ?? [], `${field}.tolerations`, errors);
  validateAffinity(spec, field, errors);
  return errors;
}

function oneOf(errors: FieldError[], field: string, value: string | undefined, choices: readonly string[]): void {
  if (value === undefined || value === '') errors.push(required(field));
  else if (!choices.includes(value)) errors.push(notSupported(field, value, [...choices].sort()));
}

interface ContainerScope {
  readonly names: Set<string>;
  readonly volumes: ReadonlySet<string>;
  readonly isInit: boolean;
}

function validateContainer(container: V1Container, field: string, scope: ContainerScope, errors: FieldError[]): void {
  if (!container.name) errors.push(required(`${field}.name`));
  else {
    for (const problem of dns1123Label(container.name)) errors.push(invalid(`${field}.name`, container.name, problem));
    if (scope.names.has(container.name)) errors.push(duplicate(`${field}.name`, container.name));
    scope.names.add(container.name);
  }
  if (!container.image) errors.push(required(`${field}.image`));
  else if (container.image.trim() !== container.image)
    errors.push(invalid(`${field}.image`, container.image, 'must not have leading or trailing whitespace'));
  if (container.imagePullPolicy && !['Always', 'IfNotPresent', 'Never'].includes(container.imagePullPolicy)) {
    errors.push(notSupported(`${field}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']));
  }
  validatePorts(container.ports ?? [], `${field}.ports`, errors);
  validateEnv(container.env ?? [], `${field}.env`, errors);
  validateMounts(container, field, scope, errors);
  validateResources(container, field, errors);
  const sidecar = scope.isInit && container.restartPolicy === 'Always';
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const probe = container[name];
    if (!probe) continue;
    if (scope.isInit && !sidecar)
      errors.push(forbidden(`${field}.${name}`, 'may not be set for init containers without restartPolicy=Always'));
    else validateProbe(probe, `${field}.${name}`, name, errors);
  }
}

function validatePorts(ports: readonly V1ContainerPort[], field: string, errors: FieldError[]): void {
  const names = new Set<string>();
  ports.forEach((port, index) => {
    const at = `${field}[${index}]`;
    if (port.name) {
      for (const problem of portNameProblems(port.name)) errors.push(invalid(`${at}.name`, port.name, problem));
      if (names.has(port.name)) errors.push(duplicate(`${at}.name`, port.name));
      names.add(port.name);
    }
    if (port.containerPort === undefined || port.containerPort === 0) errors.push(required(`${at}.containerPort`));
    else if (!isPort(port.containerPort)) errors.push(invalid(`${at}.containerPort`, port.containerPort, portRange));
    if (port.hostPort !== undefined && port.hostPort !== 0 && !isPort(port.hostPort))
      errors.push(invalid(`${at}.hostPort`, port.hostPort, portRange));
    if (port.protocol && !['TCP', 'UDP', 'SCTP'].includes(port.protocol))
      errors.push(notSupported(`${at}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']));
  });
}

export const portRange = 'must be between 1 and 65535, inclusive';

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** Kubernetes: apimachinery/pkg/util/validation IsValidPortName. */
export function portNameProblems(name: string): readonly string[] {
  const wrong: string[] = [];
  if (name.length > 15) wrong.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) wrong.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) wrong.push('must contain at least one letter (a-z)');
  if (name.includes('--')) wrong.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) wrong.push('must not begin or end with a hyphen');
  return wrong;
}

function checkHostPorts(containers: readonly V1Container[], field: string, errors: FieldError[]): void {
  const taken = new Set<string>();
  containers.forEach((container, index) => {
    (container.ports ?? []).forEach((port, portIndex) => {
      if (!port.hostPort) return;
      const use = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`;
      if (taken.has(use)) errors.push(duplicate(`${field}[${index}].ports[${portIndex}].hostPort`, use));
      taken.add(use);
    });
  });
}

function validateEnv(env: readonly V1EnvVar[], field: string, errors: FieldError[]): void {
  env.forEach((variable, index) => {
    const at = `${field}[${index}]`;
    if (!variable.name) errors.push(required(`${at}.name`));
    else if (!/^[^=\0]+$/.test(variable.name))
      errors.push(
        invalid(
          `${at}.name`,
          variable.name,
          "a valid environment variable name must consist only of printable ASCII characters other than '='",
        ),
      );
    if (!variable.valueFrom) return;
    const sources = Object.keys(variable.valueFrom).length;
    if (sources === 0)
      errors.push(
        invalid(
          `${at}.valueFrom`,
          '',
          'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
        ),
      );
    if (variable.value) errors.push(invalid(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty'));
    else if (sources > 1) errors.push(invalid(`${at}.valueFrom`, '', 'may not have more than one field specified at a time'));
  });
}

function validateMounts(container: V1Container, field: string, scope: ContainerScope, errors: FieldError[]): void {
  const paths = new Set<string>();
  (container.volumeMounts ?? []).forEach((mount, index) => {
    const at = `${field}.volumeMounts[${index}]`;
    if (!mount.name) errors.push(required(`${at}.name`));
    else if (!scope.volumes.has(mount.name)) errors.push(notFoundField(`${at}.name`, mount.name));
    if (!mount.mountPath) errors.push(required(`${at}.mountPath`));
    else if (paths.has(mount.mountPath)) errors.push(invalid(`${at}.mountPath`, mount.mountPath, 'must be unique'));
    paths.add(mount.mountPath);
  });
}

function validateResources(container: V1Container, field: string, errors: FieldError[]): void {
  const { limits = {}, requests = {} } = container.resources ?? {};
  for (const [part, values] of [
    ['limits', limits],
    ['requests', requests],
  ] as const) {
    for (const name in values) {
      if (!['cpu', 'memory', 'ephemeral-storage'].includes(name) && !name.startsWith('hugepages-')) {
        for (const problem of qualifiedNameProblems(name)) errors.push(invalid(`${field}.resources.${part}`, name, problem));
        if (!name.includes('/'))
          errors.push(invalid(`${field}.resources.${part}[${name}]`, name, 'must be a standard resource for containers'));
      }
      if ((parseQuantity(values[name] as string) ?? 0) < 0) {
        errors.push(invalid(`${field}.resources.${part}[${name}]`, values[name], 'must be greater than or equal to 0'));
      }
    }
  }
  for (const name in requests) {
    const limit = limits[name];
    if (limit !== undefined && (parseQuantity(requests[name] as string) ?? 0) > (parseQuantity(limit) ?? 0)) {
      errors.push(invalid(`${field}.resources.requests`, requests[name], `must be less than or equal to ${name} limit of ${limit}`));
    }
  }
}

function validateProbe(probe: V1Probe, field: string, name: string, errors: FieldError[]): void {
  const handlers = (['exec', 'httpGet', 'tcpSocket', 'grpc'] as const).filter((handler) => probe[handler]);
  if (handlers.length === 0) errors.push(required(field, 'must specify a handler type'));
  for (const extra of handlers.slice(1)) errors.push(forbidden(`${field}.${extra}`, 'may not specify more than 1 handler type'));
  for (const number of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const) {
    const value = probe[number];
    if (value !== undefined && value < 0) errors.push(invalid(`${field}.${number}`, value, 'must be greater than or equal to 0'));
  }
  if (name !== 'readinessProbe' && probe.successThreshold !== undefined && probe.successThreshold !== 1) {
    errors.push(invalid(`${field}.successThreshold`, probe.successThreshold, 'must be 1'));
  }
  for (const handler of ['httpGet', 'tcpSocket'] as const) {
    const port = probe[handler]?.port;
    if (typeof port === 'number' && !isPort(port)) errors.push(invalid(`${field}.${handler}.port`, port, portRange));
    if (typeof port === 'string')
      for (const problem of portNameProblems(port)) errors.push(invalid(`${field}.${handler}.port`, port, problem));
  }
  if (probe.exec && (probe.exec.command ?? []).length === 0) errors.push(required(`${field}.exec.command`));
}

function validateVolumes(volumes: readonly V1Volume[], field: string, errors: FieldError[]): ReadonlySet<string> {
  const names = new Set<string>();
  volumes.forEach((volume, index) => {
    const at = `${field}[${index}]`;
    if (!volume.name) errors.push(required(`${at}.name`));
    else {
      for (const problem of dns1123Label(volume.name)) errors.push(invalid(`${at}.name`, volume.name, problem));
      if (names.has(volume.name)) errors.push(duplicate(`${at}.name`, volume.name));
    }
    names.add(volume.name);
    const sources = Object.keys(volume).filter((key) => key !== 'name');
    for (const extra of sources.slice(1)) errors.push(forbidden(`${at}.${extra}`, 'may not specify more than 1 volume type'));
    if (volume.configMap && !volume.configMap.name) errors.push(required(`${at}.configMap.name`));
    if (volume.secret && !volume.secret.secretName) errors.push(required(`${at}.secret.secretName`));
    if (volume.hostPath && !volume.hostPath.path) errors.push(required(`${at}.hostPath.path`));
    if (volume.persistentVolumeClaim && !volume.persistentVolumeClaim.claimName)
      errors.push(required(`${at}.persistentVolumeClaim.claimName`));
  });
  return names;
}

function validateTolerations(tolerations: readonly V1Toleration[], field: string, errors: FieldError[]): void {
  tolerations.forEach((toleration, index) => {
    const at = `${field}[${index}]`;
    if (toleration.key)
      for (const problem of qualifiedNameProblems(toleration.key)) errors.push(invalid(`${at}.key`, toleration.key, problem));
    if (!toleration.key && toleration.operator !== 'Exists')
      errors.push(
        invalid(
          `${at}.operator`,
          toleration.operator ?? '',
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    if (toleration.operator === 'Exists' && toleration.value)
      errors.push(invalid(`${at}.operator`, toleration, "value must be empty when `operator` is 'Exists'"));
    if (toleration.operator && !['Equal', 'Exists', 'Lt', 'Gt'].includes(toleration.operator))
      errors.push(notSupported(`${at}.operator`, toleration.operator, ['Equal', 'Exists']));
    if (toleration.effect && !taintEffects.includes(toleration.effect))
      errors.push(notSupported(`${at}.effect`, toleration.effect, taintEffects));
    if (toleration.tolerationSeconds !== undefined && toleration.effect !== 'NoExecute')
      errors.push(invalid(`${at}.effect`, toleration.effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  });
}

export const taintEffects: readonly string[] = ['NoExecute', 'NoSchedule', 'PreferNoSchedule'];

function validateAffinity(spec: V1PodSpec, field: string, errors: FieldError[]): void {
  const nodes = spec.affinity?.nodeAffinity;
  const wanted = nodes?.requiredDuringSchedulingIgnoredDuringExecution;
  const at = `${field}.affinity.nodeAffinity`;
  if (wanted && (wanted.nodeSelectorTerms ?? []).length === 0) {
    errors.push(
      required(`${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`, 'must have at least one node selector term'),
    );
  }
  (wanted?.nodeSelectorTerms ?? []).forEach((term, termIndex) => {
    (term.matchExpressions ?? []).forEach((expression, index) => {
      const place = `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${termIndex}].matchExpressions[${index}]`;
      checkNodeExpression(expression, place, errors);
    });
  });
  (nodes?.preferredDuringSchedulingIgnoredDuringExecution ?? []).forEach((term, index) => {
    const place = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    if (term.weight < 1 || term.weight > 100) errors.push(invalid(`${place}.weight`, term.weight, 'must be in the range 1-100'));
    for (const [position, expression] of (term.preference.matchExpressions ?? []).entries()) {
      checkNodeExpression(expression, `${place}.preference.matchExpressions[${position}]`, errors);
    }
  });
}

function checkNodeExpression(
  expression: { readonly key: string; readonly operator: string; readonly values?: readonly string[] },
  place: string,
  errors: FieldError[],
): void {
  const count = expression.values?.length ?? 0;
  switch (expression.operator) {
    case 'In':
    case 'NotIn':
      if (count === 0) errors.push(required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (count > 0) errors.push(forbidden(`${place}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    case 'Gt':
    case 'Lt':
      if (count !== 1) errors.push(required(`${place}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      break;
    default:
      errors.push(invalid(`${place}.operator`, expression.operator, 'not a valid selector operator'));
  }
  for (const problem of qualifiedNameProblems(expression.key)) errors.push(invalid(`${place}.key`, expression.key, problem));
}
