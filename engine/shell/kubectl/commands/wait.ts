import type { ApiObject } from '../../../kinds/define-kind.ts';
import type { Program } from '../../task.ts';
import { flag, isSet, UsageProblem } from '../flags.ts';
import { findPath } from '../jsonpath.ts';
import { findObject, listObjects, readTargets, shownName } from '../session.ts';
import { type KubectlVerb, selectorFlags } from '../verb.ts';

/** Milliseconds of a Go duration such as `1m30s`; a bare number is seconds. */
export function parseDuration(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text))
    throw new UsageProblem(`invalid argument ${JSON.stringify(text)} for "--timeout" flag: time: invalid duration ${JSON.stringify(text)}`);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) total += Number(amount) * (units[unit as string] ?? 0);
  return total;
}

/** Whether an object is as `--for` wants it. */
function isMet(object: ApiObject | undefined, wanted: string): boolean {
  if (wanted === 'delete') return object === undefined;
  if (wanted === 'create') return object !== undefined;
  if (!object) return false;
  const condition = /^condition=([^=]+)(?:=(.*))?$/i.exec(wanted);
  if (condition) {
    const { conditions = [] } =
      (object as { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } }).status ??
      {};
    const expected = (condition[2] ?? 'True').toLowerCase();
    return conditions.some(
      ({ type, status }) => type.toLowerCase() === (condition[1] as string).toLowerCase() && status.toLowerCase() === expected,
    );
  }
  const path = /^jsonpath=['"]?\{?(\.[^}=]+)\}?['"]?(?:=(.*))?$/.exec(wanted);
  if (!path) throw new UsageProblem(`unrecognized condition: ${JSON.stringify(wanted)}`);
  const values = findPath(path[1] as string, object);
  return path[2] === undefined ? values.length > 0 : values.some((value) => String(value) === path[2]?.replace(/^(['"])(.*)\1$/, '$2'));
}

/** `kubectl wait`. */
export const wait: KubectlVerb = {
  name: 'wait',
  summary: 'Wait for a specific condition on one or many resources',
  flags: { ...selectorFlags, for: { type: 'value' }, timeout: { type: 'value' }, all: { type: 'boolean' } },
  *run(session): Program {
    const wanted = flag(session.parsed, 'for') ?? '';
    const timeoutMs = parseDuration(flag(session.parsed, 'timeout') ?? '30s');
    const deadline = session.host.now + timeoutMs;
    for (const { kind, names } of readTargets(session, session.parsed.words)) {
      const labelSelector = flag(session.parsed, 'selector');
      if (names.length === 0 && labelSelector === undefined && !isSet(session.parsed, 'all'))
        throw new UsageProblem('resource(s) were provided, but no name, label selector, or --all flag specified');
      const chosen =
        names.length > 0
          ? names
          : listObjects(session, kind, labelSelector === undefined ? {} : { labelSelector }).map(({ metadata }) => metadata?.name ?? '');
      if (chosen.length === 0) throw new UsageProblem('no matching resources found');
      for (const name of chosen) {
        if (wanted !== 'delete' && wanted !== 'create' && !findObject(session, kind, name)) {
          session.warn(`Error from server (NotFound): ${kind.plural}${kind.group === '' ? '' : `.${kind.group}`} "${name}" not found`);
          return 1;
        }
        while (!isMet(findObject(session, kind, name), wanted)) {
          if (session.host.now >= deadline) {
            session.warn(`error: timed out waiting for the condition on ${kind.plural}/${name}`);
            return 1;
          }
          yield { kind: 'change', revision: session.host.revision, untilMs: deadline };
        }
        session.print(`${shownName(kind, name)} condition met\n`);
      }
    }
    return 0;
  },
};
