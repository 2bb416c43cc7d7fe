import { UsageProblem } from './flags.ts';

/** Evaluates a kubectl JSONPath template: `{.items[*].metadata.name}`, `{range .items[*]}…{end}`. Kubernetes: client-go/util/jsonpath. */
export function renderJsonPath(template: string, data: unknown): string {
  const nodes = parseTemplate(template);
  return renderNodes(nodes, data, data);
}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'range'; readonly path: string; readonly body: readonly Node[] };

function parseTemplate(template: string): readonly Node[] {
  const wrapped =
    /^\{[\s\S]*\}$/.test(template.trim()) || template.includes('{') ? template : `{${template.startsWith('.') ? '' : '.'}${template}}`;
  const root: Node[] = [];
  const stack: { readonly path: string; readonly body: Node[] }[] = [];
  const target = (): Node[] => stack.at(-1)?.body ?? root;
  for (const [, text, expression] of wrapped.matchAll(/([^{}]+)|\{((?:"[^"]*"|'[^']*'|[^{}"'])*)\}/g)) {
    if (text !== undefined) target().push({ kind: 'text', text });
    else if (expression !== undefined) {
      const inner = expression.trim();
      if (inner.startsWith('range ')) stack.push({ path: inner.slice(6).trim(), body: [] });
      else if (inner === 'end') {
        const range = stack.pop();
        if (!range) throw new UsageProblem('error parsing jsonpath: not in range, nothing to end');
        target().push({ kind: 'range', ...range });
      } else if (/^["']/.test(inner))
        target().push({ kind: 'text', text: inner.slice(1, -1).replaceAll('\\n', '\n').replaceAll('\\t', '\t') });
      else target().push({ kind: 'path', path: inner });
    }
  }
  if (stack.length > 0) throw new UsageProblem('error parsing jsonpath: unterminated range');
  return root;
}

function renderNodes(nodes: readonly Node[], current: unknown, root: unknown): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text;
      if (node.kind === 'range')
        return findPath(node.path, current, root)
          .map((item) => renderNodes(node.body, item, root))
          .join('');
      return findPath(node.path, current, root).map(show).join(' ');
    })
    .join('');
}

function show(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const stepPattern = /\.\.([\w$-]+|\*)?|\.?\[\?\(([^\]]*)\)\]|\.?\[((?:'[^']*'|"[^"]*"|[^\]])*)\]|\.((?:\\.|[\w$/-])+|\*)|([\w$-]+)/y;

/** The values at a path such as `.status.conditions[?(@.type=="Ready")].status`. */
export function findPath(path: string, current: unknown, root: unknown = current): readonly unknown[] {
  let rest = path.trim();
  let values: unknown[] = [current];
  if (rest.startsWith('$')) {
    values = [root];
    rest = rest.slice(1);
  } else if (rest.startsWith('@')) rest = rest.slice(1);
  if (rest === '' || rest === '.') return values;
  // Filters evaluate paths of their own, so the place in this one is kept here.
  for (let at = 0; at < rest.length; ) {
    stepPattern.lastIndex = at;
    const match = stepPattern.exec(rest);
    if (!match) throw new UsageProblem(`error parsing jsonpath ${path}: unrecognized character in action`);
    const [whole, deep, filter, index, field, bare] = match;
    at += whole.length;
    if (whole.startsWith('..')) values = values.flatMap(descendants).flatMap((value) => (deep === undefined ? [value] : step(value, deep)));
    else if (filter !== undefined)
      values = values.flatMap((value) => (Array.isArray(value) ? value.filter((item) => passes(filter, item, root)) : []));
    else if (index !== undefined) values = values.flatMap((value) => subscript(value, index));
    else values = values.flatMap((value) => step(value, (field ?? bare ?? '').replaceAll('\\', '')));
  }
  return values;
}

function step(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (name === '*') return Object.values(value);
  const field = (value as Record<string, unknown>)[name];
  return field === undefined ? [] : [field];
}

function subscript(value: unknown, text: string): readonly unknown[] {
  const quoted = /^(['"])(.*)\1$/.exec(text.trim());
  if (quoted) return step(value, quoted[2] as string);
  if (!Array.isArray(value)) return text === '*' ? step(value, '*') : [];
  if (text === '*') return value;
  return text.split(',').flatMap((part) => {
    if (!part.includes(':')) {
      const item: unknown = value.at(Number(part));
      return item === undefined ? [] : [item];
    }
    const [from, to, every] = part.split(':').map((number) => (number === '' ? undefined : Number(number)));
    const items = value.slice(from ?? 0, to);
    return every === undefined ? items : items.filter((_item, index) => index % every === 0);
  });
}

function descendants(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [value];
  return [value, ...Object.values(value).flatMap(descendants)];
}

function passes(filter: string, item: unknown, root: unknown): boolean {
  return filter.split('||').some((either) => either.split('&&').every((part) => passesOne(part.trim(), item, root)));
}

function passesOne(filter: string, item: unknown, root: unknown): boolean {
  const comparison = /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/.exec(filter);
  if (!comparison) return findPath(filter, item, root).length > 0;
  const left = operand(comparison[1] as string, item, root);
  const right = operand(comparison[3] as string, item, root);
  if (left === undefined) return false;
  switch (comparison[2]) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return (left as number) < (right as number);
    case '>':
      return (left as number) > (right as number);
    case '<=':
      return (left as number) <= (right as number);
    default:
      return (left as number) >= (right as number);
  }
}

function operand(text: string, item: unknown, root: unknown): unknown {
  const quoted = /^(['"])(.*)\1$/.exec(text.trim());
  if (quoted) return quoted[2];
  if (/^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  if (text.trim() === 'true' || text.trim() === 'false') return text.trim() === 'true';
  return findPath(text, item, root)[0];
}
