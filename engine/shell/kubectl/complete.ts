import type { ObjectList } from '../../apiserver/request.ts';
import type { AnyKind } from '../../kinds/define-kind.ts';
import { ApiError, ConnectionRefused } from '../../schema/api-error.ts';
import type { ShellHost } from '../shell-host.ts';
import { verbs } from './kubectl.ts';

const takesKind = ['get', 'describe', 'delete', 'label', 'annotate', 'scale', 'expose', 'patch', 'wait', 'explain'];
const takesPod = ['logs', 'exec'];
const takesNode = ['cordon', 'uncordon', 'drain'];

/** What a word after `kubectl` could become; `undefined` leaves it to file names. */
export function completeKubectl(before: readonly string[], typed: string, host: ShellHost): readonly string[] | undefined {
  const [verb] = before;
  const starts = (texts: Iterable<string>): readonly string[] => [...new Set(texts)].filter((text) => text.startsWith(typed)).sort();
  if (verb === undefined) return starts(verbs.map(({ name }) => name));
  const definition = verbs.find(({ name }) => name === verb);
  if (!definition) return undefined;
  const previous = before.at(-1) ?? '';
  if (previous === '-n' || previous === '--namespace') return starts(names(host, host.kinds.findName('namespaces'), ''));
  if (previous === '-f' || previous === '--filename') return undefined;
  if (typed.startsWith('-')) return starts([...Object.keys(definition.flags), 'namespace'].map((name) => `--${name}`));
  const words = before.slice(1).filter((word) => !word.startsWith('-'));
  const namespace = namespaceOf(before);
  if (takesPod.includes(verb)) return words.length === 0 ? starts(names(host, host.kinds.findName('pods'), namespace)) : [];
  if (takesNode.includes(verb)) return starts(names(host, host.kinds.findName('nodes'), ''));
  if (verb === 'rollout' && words.length === 0) return starts(['status', 'history', 'undo', 'restart', 'pause', 'resume']);
  if (verb === 'create' && words.length === 0)
    return starts(['deployment', 'namespace', 'configmap', 'secret', 'serviceaccount', 'service']);
  if (verb === 'rollout' && words.length === 1) return starts(['deployment', 'daemonset']);
  if (verb === 'rollout' || verb === 'set') return starts(names(host, host.kinds.findName('deployments'), namespace));
  if (!takesKind.includes(verb)) return undefined;
  if (typed.includes('/'))
    return starts(
      names(host, host.kinds.findName(typed.split('/')[0] ?? ''), namespace).map((name) => `${typed.split('/')[0] ?? ''}/${name}`),
    );
  if (words.length === 0) return starts(host.kinds.all.flatMap((kind) => [kind.plural, kind.singular]));
  return starts(names(host, host.kinds.findName(words[0] ?? ''), namespace));
}

function namespaceOf(words: readonly string[]): string {
  const at = words.findIndex((word) => word === '-n' || word === '--namespace');
  return at < 0 ? 'default' : (words[at + 1] ?? 'default');
}

function names(host: ShellHost, kind: AnyKind | undefined, namespace: string): readonly string[] {
  if (!kind) return [];
  try {
    const { body } = host.api({ verb: 'list', kind, namespace: kind.namespaced ? namespace : '', name: '', options: {} });
    return ((body as Partial<ObjectList>).items ?? []).map(({ metadata }) => metadata?.name ?? '');
  } catch (error) {
    // Completion is a courtesy: without an answer it offers nothing.
    if (error instanceof ConnectionRefused || error instanceof ApiError) return [];
    throw error;
  }
}
