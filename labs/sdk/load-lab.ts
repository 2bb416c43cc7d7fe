import type { CheckKinds } from './check.ts';
import { contentHash } from './content-hash.ts';
import type { Folder } from './folder.ts';
import type { Lab, TextFile } from './lab.ts';
import { type LabFile, labSchema, nearMissSchema } from './lab-schema.ts';
import type { Problem } from './problem.ts';
import { readTaskText } from './task-text.ts';
import { parseYaml, YamlSource } from './yaml-source.ts';

/** An answer that the author wrote down: files to put into the workspace, to apply and to type. */
export interface WrittenAnswer {
  readonly name: string;
  readonly files: readonly TextFile[];
}

export interface NearMiss extends WrittenAnswer {
  readonly check: string;
  readonly message: string;
}

/** A lab with what only its author sees. */
export interface LabFolder {
  readonly lab: Lab;
  readonly source: YamlSource;
  /** The whole task.mdx. */
  readonly taskText: string;
  readonly taskFile: string;
  readonly solutions: readonly WrittenAnswer[];
  readonly nearMisses: readonly NearMiss[];
}

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

/** Reads a lab's folder; all problems at once. */
export function loadLab(folder: Folder, dayId: string, kinds: CheckKinds): Loaded<LabFolder> {
  const text = folder.read('lab.yaml');
  if (text === undefined) return { value: undefined, problems: [missing(folder, 'lab.yaml')] };
  const source = new YamlSource(folder.nameOf('lab.yaml'), text);
  const { value: file, problems: wrong } = parseYaml<LabFile>(source, labSchema(kinds));
  const taskText = folder.read('task.mdx');
  const problems: Problem[] = [...wrong, ...(taskText === undefined ? [missing(folder, 'task.mdx')] : [])];
  const nearMisses = loadNearMisses(folder, problems);
  if (!file || taskText === undefined) return { value: undefined, problems };
  const lab = assemble(folder, { dayId, file, taskText });
  const solutions = answers(folder.sub('solutions'));
  return { value: { lab, source, taskText, taskFile: folder.nameOf('task.mdx'), solutions, nearMisses }, problems };
}

function assemble(
  folder: Folder,
  { dayId, file, taskText }: { readonly dayId: string; readonly file: LabFile; readonly taskText: string },
): Lab {
  const { intro, sections } = readTaskText(taskText);
  const content = {
    ...file,
    dayId,
    intro,
    tasks: file.tasks.map((task) => ({ ...task, text: sections.find(({ id }) => id === task.id)?.text ?? '' })),
    objects: folder.sub('start/objects').files(),
    files: folder
      .sub('start/files')
      .files()
      .map((start) => ({ ...start, isReadOnly: file.readOnly.includes(start.path) })),
  };
  return { ...content, hash: contentHash(content) };
}

function answers(folder: Folder): readonly WrittenAnswer[] {
  return folder.folders().map((name) => ({ name, files: folder.sub(name).files() }));
}

function loadNearMisses(folder: Folder, problems: Problem[]): readonly NearMiss[] {
  const found: NearMiss[] = [];
  for (const answer of answers(folder.sub('near-misses'))) {
    const home = folder.sub(`near-misses/${answer.name}`);
    const text = home.read('expect.yaml');
    if (text === undefined) {
      problems.push(missing(home, 'expect.yaml'));
      continue;
    }
    const { value, problems: wrong } = parseYaml(new YamlSource(home.nameOf('expect.yaml'), text), nearMissSchema);
    problems.push(...wrong);
    if (value) found.push({ ...value, name: answer.name, files: answer.files.filter(({ path }) => path !== 'expect.yaml') });
  }
  return found;
}

function missing(folder: Folder, file: string): Problem {
  return { file: folder.nameOf(file), line: 1, column: 1, rule: 'LAB-3', message: `the file is missing` };
}
