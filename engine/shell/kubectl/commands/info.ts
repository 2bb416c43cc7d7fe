import { ageSince } from '../../../kinds/columns.ts';
import { type Event, event } from '../../../kinds/core/event.ts';
import { type AnyKind, apiVersionOf } from '../../../kinds/define-kind.ts';
import { describe as documented } from '../../../schema/descriptions.ts';
import { type FieldSchema, goNameOf, modelOfRef, modelSchemas } from '../../../schema/models.ts';
import { toYaml } from '../../../schema/yaml-output.ts';
import { flag, isSet, UsageProblem } from '../flags.ts';
import { alignRows } from '../printers.ts';
import { call, kubeConfigPath, readKubeConfig, requireKind, type Session } from '../session.ts';
import { immediateVerb, outputFlag, selectorFlags } from '../verb.ts';

/** `kubectl version`. */
export const version = immediateVerb({
  name: 'version',
  summary: 'Print the client and server version information',
  flags: { ...outputFlag, client: { type: 'boolean' } },
  run(session) {
    session.print(`Client Version: v${session.host.version}\nKustomize Version: v5.8.1\n`);
    if (isSet(session.parsed, 'client')) return 0;
    call(session, 'list', requireKind(session.host, 'namespaces'), {});
    session.print(`Server Version: v${session.host.version}\n`);
    return 0;
  },
});

/** `kubectl cluster-info`. */
export const clusterInfo = immediateVerb({
  name: 'cluster-info',
  summary: 'Display cluster information',
  flags: {},
  run(session) {
    call(session, 'list', requireKind(session.host, 'services'), {
      namespace: 'kube-system',
      options: { labelSelector: 'kubernetes.io/cluster-service=true' },
    });
    const url = session.host.serverUrl;
    session.print(
      `Kubernetes control plane is running at ${url}\nCoreDNS is running at ${url}/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`,
    );
    return 0;
  },
});

/** `kubectl api-resources`. */
export const apiResources = immediateVerb({
  name: 'api-resources',
  summary: 'Print the supported API resources on the server',
  flags: { ...outputFlag, namespaced: { type: 'optional' }, 'api-group': { type: 'value' }, 'no-headers': { type: 'boolean' } },
  run(session) {
    const scope = flag(session.parsed, 'namespaced');
    const group = flag(session.parsed, 'api-group');
    const kinds = session.host.kinds.all.filter(
      (kind) => (scope === undefined || kind.namespaced === (scope !== 'false')) && (group === undefined || kind.group === group),
    );
    const rows = [...kinds]
      .sort((a, b) => (a.group === b.group ? (a.plural < b.plural ? -1 : 1) : a.group < b.group ? -1 : 1))
      .map((kind) => [kind.plural, kind.shortNames.join(','), apiVersionOf(kind), String(kind.namespaced), kind.kind]);
    if (flag(session.parsed, 'output') === 'name')
      session.print(kinds.map((kind) => `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}\n`).join(''));
    else
      session.print(
        alignRows(isSet(session.parsed, 'no-headers') ? rows : [['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'], ...rows]),
      );
    return 0;
  },
});

/** `kubectl api-versions`. */
export const apiVersions = immediateVerb({
  name: 'api-versions',
  summary: 'Print the supported API versions on the server, in the form of "group/version"',
  flags: {},
  run(session) {
    session.print(
      [...new Set(session.host.kinds.all.map(apiVersionOf))]
        .sort()
        .map((text) => `${text}\n`)
        .join(''),
    );
    return 0;
  },
});

function typeText(schema: FieldSchema): string {
  if (schema.$ref) return goNameOf(modelOfRef(schema.$ref));
  if (schema['x-kubernetes-int-or-string']) return 'IntOrString';
  if (schema.type === 'array') return `[]${typeText(schema.items ?? {})}`;
  if (schema.additionalProperties) return `map[string]${typeText(schema.additionalProperties)}`;
  return schema.type === 'object' ? 'Object' : (schema.type ?? 'Object');
}

function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + word.length + 1 > 76 - indent.length) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.map((line) => `${indent}${line}`.trimEnd()).join('\n');
}

/** `kubectl explain`. */
export const explain = immediateVerb({
  name: 'explain',
  summary: 'Get documentation for a resource',
  flags: { recursive: { type: 'boolean' }, 'api-version': { type: 'value' } },
  run(session) {
    const [path = ''] = session.parsed.words;
    if (path === '')
      throw new UsageProblem(
        'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    const [type = '', ...fields] = path.split('.');
    const kind: AnyKind = requireKind(session.host, type);
    let model: string | undefined = kind.model;
    let schema: FieldSchema | undefined;
    let text: string | undefined;
    for (const field of fields) {
      schema = model === undefined ? undefined : modelSchemas[model]?.properties[field];
      if (!schema) throw new UsageProblem(`field "${field}" does not exist`);
      text = model === undefined ? undefined : documented(model, field);
      const ref: string | undefined = schema.$ref ?? schema.items?.$ref ?? schema.additionalProperties?.$ref;
      model = ref === undefined ? undefined : modelOfRef(ref);
    }
    const description = text ?? (model === undefined ? '' : (documented(model) ?? ''));
    session.print(`${kind.group === '' ? '' : `GROUP:      ${kind.group}\n`}KIND:       ${kind.kind}\nVERSION:    ${kind.version}\n\n`);
    if (schema) session.print(`FIELD: ${fields.at(-1) ?? ''} <${typeText(schema)}>\n\n`);
    session.print(`DESCRIPTION:\n${wrap(description === '' ? '<empty>' : description, '    ')}\n    \n`);
    if (model !== undefined && Object.keys(modelSchemas[model]?.properties ?? {}).length > 0) {
      session.print('FIELDS:\n');
      printFields(session, model, '  ', isSet(session.parsed, 'recursive') ? 12 : 0);
    }
    session.print('\n');
    return 0;
  },
});

function printFields(session: Session, model: string, indent: string, depth: number): void {
  const { properties = {}, required = [] } = modelSchemas[model] ?? {};
  for (const [name, field] of Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1))) {
    session.print(`${indent}${name}\t<${typeText(field)}>${required.includes(name) ? ' -required-' : ''}\n`);
    const ref = field.$ref ?? field.items?.$ref;
    if (depth > 0 && ref !== undefined && indent.length < 2 * depth) printFields(session, modelOfRef(ref), `${indent}  `, depth);
    else if (depth === 0) session.print(`${wrap(documented(model, name) ?? '<no description>', `${indent}  `)}\n\n`);
  }
}

/** `kubectl events`. */
export const events = immediateVerb({
  name: 'events',
  summary: 'List events',
  flags: { ...selectorFlags, ...outputFlag, for: { type: 'value' }, types: { type: 'list' }, watch: { short: 'w', type: 'boolean' } },
  run(session) {
    const about = flag(session.parsed, 'for')?.split('/');
    const fieldSelector = about
      ? `involvedObject.kind=${requireKind(session.host, about[0] ?? '').kind},involvedObject.name=${about[1] ?? ''}`
      : undefined;
    const items = (
      call(session, 'list', event, { options: fieldSelector === undefined ? {} : { fieldSelector } }) as {
        readonly items: readonly Event[];
      }
    ).items;
    if (items.length === 0) {
      session.warn(isSet(session.parsed, 'all-namespaces') ? 'No events found.' : `No events found in ${session.namespace} namespace.`);
      return 0;
    }
    const stamp = (one: Event): string => one.lastTimestamp ?? one.eventTime ?? '';
    const rows = [...items]
      .sort((a, b) => (stamp(a) < stamp(b) ? -1 : 1))
      .map((one) => [
        ...(isSet(session.parsed, 'all-namespaces') ? [one.metadata.namespace ?? ''] : []),
        `${ageSince(stamp(one), session.host.now)}${(one.count ?? 1) > 1 ? ` (x${one.count} over ${ageSince(one.firstTimestamp, session.host.now)})` : ''}`,
        one.type ?? '',
        one.reason ?? '',
        `${one.involvedObject.kind ?? ''}/${one.involvedObject.name ?? ''}`,
        one.message ?? '',
      ]);
    session.print(
      alignRows([
        [...(isSet(session.parsed, 'all-namespaces') ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'],
        ...rows,
      ]),
    );
    return 0;
  },
});

/** `kubectl config`. */
export const config = immediateVerb({
  name: 'config',
  summary: 'Modify kubeconfig files',
  flags: {
    ...outputFlag,
    current: { type: 'boolean' },
    minify: { type: 'boolean' },
    cluster: { type: 'value' },
    user: { type: 'value' },
    'no-headers': { type: 'boolean' },
  },
  run(session) {
    const [action = '', name] = session.parsed.words;
    const file = readKubeConfig(session.context);
    const save = (): string | undefined => session.host.files.write(kubeConfigPath(session.context), toYaml(file));
    const contexts = file.contexts ?? [];
    switch (action) {
      case 'current-context':
        session.print(`${file['current-context'] ?? ''}\n`);
        return 0;
      case 'view':
        session.print(toYaml(file));
        return 0;
      case 'get-contexts':
        session.print(
          alignRows([
            ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'],
            ...contexts.map((one) => [
              one.name === file['current-context'] ? '*' : '',
              one.name,
              one.context.cluster,
              one.context.user,
              one.context.namespace ?? '',
            ]),
          ]),
        );
        return 0;
      case 'use-context':
        if (!contexts.some((one) => one.name === name)) throw new UsageProblem(`no context exists with the name: "${name ?? ''}"`);
        file['current-context'] = name ?? '';
        save();
        session.print(`Switched to context "${name ?? ''}".\n`);
        return 0;
      case 'set-context': {
        const wanted = isSet(session.parsed, 'current') ? file['current-context'] : name;
        const found = contexts.find((one) => one.name === wanted);
        if (!found) throw new UsageProblem(`no context exists with the name: "${wanted ?? ''}"`);
        if (isSet(session.parsed, 'namespace')) found.context.namespace = session.namespace;
        save();
        session.print(`Context "${found.name}" modified.\n`);
        return 0;
      }
      default:
        throw new UsageProblem(`config ${action} is not simulated; current-context, view, get-contexts, use-context and set-context are`);
    }
  },
});
