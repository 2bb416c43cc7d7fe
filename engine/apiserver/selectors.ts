import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';
import { labelValueProblems, qualifiedNameProblems } from '../kinds/labels.ts';
import { badRequest } from '../schema/api-error.ts';

export type Matcher = (object: ApiObject) => boolean;

const everything: Matcher = () => true;

/** Parses `a=b,c!=d,e in (x,y),f notin (z),g,!h`. Kubernetes: apimachinery/pkg/labels (1.36). */
export function parseLabelSelector(text: string | undefined): Matcher {
  if (text === undefined || text.trim() === '') return everything;
  const tests = splitOutsideParentheses(text).map((part) => parseRequirement(part.trim(), text));
  return (object) => {
    const labels = object.metadata?.labels;
    return tests.every((test) => test(labels));
  };
}

type LabelTest = (labels: Readonly<Record<string, string>> | undefined) => boolean;

function parseRequirement(part: string, whole: string): LabelTest {
  const set = /^([^\s!=()]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (set) {
    const [, key, operator, list] = set as unknown as [string, string, string, string];
    const values = list.split(',').map((value) => value.trim());
    checkKey(key, whole);
    for (const value of values) checkValue(value, whole);
    return operator === 'in'
      ? (labels) => labels?.[key] !== undefined && values.includes(labels[key])
      : (labels) => labels?.[key] === undefined || !values.includes(labels[key]);
  }
  const equality = /^([^\s!=()]+)\s*(==|=|!=)\s*([^\s=!()]*)$/.exec(part);
  if (equality) {
    const [, key, operator, value] = equality as unknown as [string, string, string, string];
    checkKey(key, whole);
    checkValue(value, whole);
    return operator === '!=' ? (labels) => labels?.[key] !== value : (labels) => labels?.[key] === value;
  }
  const existence = /^(!?)\s*([^\s!=()]+)$/.exec(part);
  if (!existence) throw badRequest(`unable to parse requirement: found '${part}', expected: !, identifier, or 'end of string'`);
  const [, not, key] = existence as unknown as [string, string, string];
  checkKey(key, whole);
  return not ? (labels) => labels?.[key] === undefined : (labels) => labels?.[key] !== undefined;
}

function checkKey(key: string, whole: string): void {
  const [problem] = qualifiedNameProblems(key);
  if (problem)
    throw badRequest(
      `unable to parse requirement: <nil>: Invalid value: ${JSON.stringify(key)}: ${problem} (selector ${JSON.stringify(whole)})`,
    );
}

function checkValue(value: string, whole: string): void {
  const [problem] = labelValueProblems(value);
  if (problem)
    throw badRequest(
      `unable to parse requirement: values[0]: Invalid value: ${JSON.stringify(value)}: ${problem} (selector ${JSON.stringify(whole)})`,
    );
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')') depth--;
    else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Parses `metadata.name=web,status.phase!=Failed`. Kubernetes: apimachinery/pkg/fields (1.36). */
export function parseFieldSelector(kind: AnyKind, text: string | undefined): Matcher {
  if (text === undefined || text.trim() === '') return everything;
  const tests = text.split(',').map((part) => {
    const term = /^([^=!]+)(==|=|!=)(.*)$/.exec(part.trim());
    if (!term) throw badRequest(`invalid field selector ${JSON.stringify(text)}: invalid selector: '${text}'; can't understand '${part}'`);
    const [, field, operator, value] = term as unknown as [string, string, string, string];
    const read = fieldReader(kind, field);
    return operator === '!=' ? (object: ApiObject) => read(object) !== value : (object: ApiObject) => read(object) === value;
  });
  return (object) => tests.every((test) => test(object));
}

function fieldReader(kind: AnyKind, field: string): (object: ApiObject) => string {
  if (field === 'metadata.name') return (object) => object.metadata?.name ?? '';
  if (field === 'metadata.namespace' && kind.namespaced) return (object) => object.metadata?.namespace ?? '';
  const reader = kind.fieldSelectors[field];
  if (!reader) throw badRequest(`field label not supported: ${field}`);
  return reader;
}
