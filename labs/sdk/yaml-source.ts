import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Problem } from './problem.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

/** A YAML file of the course: its value, and where in the text each part of it stands. */
export class YamlSource {
  readonly file: string;
  readonly text: string;
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  get value(): unknown {
    return this.#document.errors.length > 0 ? undefined : this.#document.toJS({ maxAliasCount: 100 });
  }

  /** What keeps the text from being YAML. After the first few mistakes the others are only their echo. */
  syntaxProblems(): readonly Problem[] {
    return this.#document.errors.slice(0, 3).map(({ message, pos }) => ({ file: this.file, ...this.#at(pos[0]), rule: 'LAB-1', message }));
  }

  problem(path: readonly PropertyKey[], rule: string, message: string): Problem {
    return { file: this.file, ...this.place(path), rule, message };
  }

  /** Where a part begins; of what is missing, where its nearest parent begins. */
  place(path: readonly PropertyKey[]): Place {
    for (let length = path.length; length >= 0; length--) {
      const offset = this.#offsetOf(path.slice(0, length));
      if (offset !== undefined) return this.#at(offset);
    }
    return { line: 1, column: 1 };
  }

  #offsetOf(path: readonly PropertyKey[]): number | undefined {
    const key = path.at(-1);
    const parent = path.length > 0 ? this.#node(path.slice(0, -1)) : undefined;
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
      if (pair && isScalar(pair.key)) return pair.key.range?.[0];
    }
    return this.#node(path)?.range?.[0];
  }

  #node(path: readonly PropertyKey[]) {
    const node: unknown = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    return isNode(node) ? node : undefined;
  }

  #at(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

export type Parsed<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value: undefined; readonly problems: readonly Problem[] };

/** Parses a YAML file against a schema; all problems at once, each with its place. */
export function parseYaml<T>(source: YamlSource, schema: z.ZodType<T>): Parsed<T> {
  const syntax = source.syntaxProblems();
  if (syntax.length > 0) return { value: undefined, problems: syntax };
  const parsed = schema.safeParse(source.value);
  if (parsed.success) return { value: parsed.data, problems: [] };
  return { value: undefined, problems: parsed.error.issues.flatMap((issue) => problemsOf(source, issue)) };
}

function problemsOf(source: YamlSource, issue: z.core.$ZodIssue): readonly Problem[] {
  const where = issue.path.join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => source.problem([...issue.path, key], 'LAB-2', `"${key}" is no key of ${where}`));
  }
  if (issue.code === 'invalid_union') {
    const closest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0];
    if (closest && closest.length > 0)
      return closest.flatMap((inner) => problemsOf(source, { ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [source.problem(issue.path, 'LAB-2', `${where}: ${issue.message}`)];
}

/** Of the ways in which a union was missed, the one that got furthest is what the author meant. */
function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length)) - issues.length / 100;
}
