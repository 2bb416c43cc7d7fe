import { resolvePath } from '../../machine/machine-files.ts';
import { type ManifestDocument, readManifests } from '../../schema/yaml-input.ts';
import { readAll } from '../command.ts';
import type { Wait } from '../task.ts';
import { itemsOf } from './apply.ts';
import { listFlag, UsageProblem } from './flags.ts';
import type { Session } from './session.ts';

export interface ManifestSource {
  /** `STDIN` or the path, as messages name it. */
  readonly name: string;
  readonly text: string;
}

/** The texts that `-f` names: files, directories, `-` for the standard input. */
export function* readSources(session: Session): Generator<Wait, readonly ManifestSource[], void> {
  const paths = listFlag(session.parsed, 'filename');
  if (paths.length === 0) throw new UsageProblem('must specify one of -f and -k');
  const sources: ManifestSource[] = [];
  for (const path of paths) {
    if (path === '-') sources.push({ name: 'STDIN', text: yield* readAll(session.context.stdin) });
    else sources.push(...readPath(session, path));
  }
  return sources;
}

function readPath({ context }: Session, path: string): readonly ManifestSource[] {
  const { files } = context.host;
  const full = resolvePath(context.cwd, path);
  const text = files.read(full);
  if (text !== undefined) return [{ name: path, text }];
  const names = (files.list(full) ?? []).filter((name) => /\.(ya?ml|json)$/.test(name));
  if (!files.isDirectory(full)) throw new UsageProblem(`the path "${path}" does not exist`);
  if (names.length === 0) throw new UsageProblem(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`);
  return names.map((name) => ({ name: `${path.replace(/\/$/, '')}/${name}`, text: files.read(`${full}/${name}`) ?? '' }));
}

/** All documents of the texts; the first syntax error ends the command, as in kubectl. */
export function readDocuments(
  sources: readonly ManifestSource[],
): readonly { readonly source: string; readonly document: ManifestDocument }[] {
  return sources.flatMap(({ name, text }) => {
    const { documents, problems } = readManifests(text);
    const [problem] = problems;
    if (problem)
      throw new UsageProblem(`error parsing ${name}: error converting YAML to JSON: yaml: line ${problem.line}: ${problem.message}`);
    return documents.flatMap(itemsOf).map((document) => ({ source: name, document }));
  });
}
