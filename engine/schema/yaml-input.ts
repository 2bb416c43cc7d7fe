import { isMap, isScalar, LineCounter, type ParsedNode, parseAllDocuments, type ScalarTag, type Tags } from 'yaml';

/** A document of a manifest with the places of its parts. */
export interface ManifestDocument {
  readonly value: unknown;
  /** 1-based line of the document's first key. */
  readonly line: number;
  /** Line and column of a field by its path (`spec.containers[0].image`), or of the nearest parent that is there. */
  place(path: string): { readonly line: number; readonly column: number };
}

export interface ManifestProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Most characters of one manifest, and most nodes that aliases may unfold to. */
const maxCharacters = 1_000_000;
const maxAliases = 100;

/** Reads YAML (or JSON, which is YAML). All problems at once, each with line and column. */
export function readManifests(text: string): {
  readonly documents: readonly ManifestDocument[];
  readonly problems: readonly ManifestProblem[];
} {
  if (text.length > maxCharacters)
    return { documents: [], problems: [{ message: `the text is longer than ${maxCharacters} characters`, line: 1, column: 1 }] };
  const counter = new LineCounter();
  const problems: ManifestProblem[] = [];
  const documents: ManifestDocument[] = [];
  for (const document of parseAllDocuments<ParsedNode>(text, {
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: true,
    version: '1.1',
    merge: true,
    customTags: plainTags,
  })) {
    if (!('contents' in document)) continue;
    for (const error of document.errors) problems.push({ message: sentence(error.message), ...positionOf(counter, error.pos[0]) });
    if (document.errors.length > 0) continue;
    try {
      const value: unknown = document.toJS({ maxAliasCount: maxAliases });
      if (value === null || value === undefined) continue;
      const { contents } = document;
      documents.push({
        value,
        line: positionOf(counter, contents?.range?.[0] ?? 0).line,
        place: (path) => placeOf(contents, path, counter),
      });
    } catch (error) {
      problems.push({ message: sentence(error instanceof Error ? error.message : String(error)), line: 1, column: 1 });
    }
  }
  return { documents, problems };
}

/** Tags whose values are no JSON: Go's reader takes such scalars as texts. */
const droppedTags = ['binary', 'float', 'omap', 'pairs', 'set', 'timestamp'].map((name) => `tag:yaml.org,2002:${name}`);

const goFloat: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
  resolve: (text) => Number(text.replaceAll('_', '')),
};

/**
 * The scalars that Go's YAML reader knows. The YAML 1.1 rules would make numbers of `e2`, `.` and `12:30`, and dates of `2026-01-05`.
 * Kubernetes: sigs.k8s.io/yaml (goyaml.v2/resolve.go).
 */
function plainTags(tags: Tags): Tags {
  const kept = tags.filter(
    (tag) => typeof tag === 'string' || !(droppedTags.includes(tag.tag) || ('format' in tag && tag.format === 'TIME')),
  );
  return [...kept, goFloat];
}

function sentence(message: string): string {
  return message.replace(/ at line \d+, column \d+:?[\s\S]*$/, '').trim();
}

function positionOf(counter: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = counter.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function placeOf(contents: ParsedNode | null, path: string, counter: LineCounter): { readonly line: number; readonly column: number } {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const [, name, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (index !== undefined) node = (node as { readonly items?: readonly unknown[] } | undefined)?.items?.[Number(index)];
    else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === name);
      node = pair?.value;
      offset = (pair?.key as { readonly range?: readonly number[] } | undefined)?.range?.[0] ?? offset;
      if (!pair) break;
      continue;
    } else break;
    offset = (node as { readonly range?: readonly number[] } | undefined)?.range?.[0] ?? offset;
  }
  return positionOf(counter, offset);
}
