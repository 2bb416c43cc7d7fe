import { type CheckKinds, kindOf } from './check.ts';
import { literalsOf } from './evaluate.ts';
import type { Course, DayFolder } from './load-course.ts';
import type { LabFolder } from './load-lab.ts';
import type { Problem } from './problem.ts';
import { readTaskText } from './task-text.ts';

/** What is wrong with the course beside what keeps it from being read. */
export function lintCourse({ folders, problems }: Course, kinds: CheckKinds): readonly Problem[] {
  return [...problems, ...folders.flatMap((folder) => [...lintDay(folder), ...folder.labs.flatMap((lab) => lintLab(lab, kinds))])];
}

function lintDay({ day, source, labs }: DayFolder): readonly Problem[] {
  const problems: Problem[] = [];
  const levels = labs.map(({ lab }) => lab.level);
  if (levels.filter((level) => level === 'core').length !== 1 || levels[0] !== 'core')
    problems.push(source.problem(['labs'], 'LAB-12', 'a day has one core lab, and it comes first'));
  if (day.isWritten && !levels.includes('beyond'))
    problems.push(source.problem(['labs'], 'LAB-12', 'a day has at least one lab that goes beyond'));
  for (const { id, scenario } of day.questions) {
    if (scenario !== undefined && !labs.some(({ lab }) => lab.id === scenario))
      problems.push(source.problem(['labs'], 'LAB-13', `question "${id}" names the scenario "${scenario}", which is no lab of the day`));
  }
  return problems;
}

function lintLab(folder: LabFolder, kinds: CheckKinds): readonly Problem[] {
  return [...lintBindings(folder), ...lintNeeds(folder), ...lintLiterals(folder, kinds), ...lintPositions(folder), ...lintAnswers(folder)];
}

/** Every task has a text and checks; every text and every check has a task. */
function lintBindings({ lab, source, taskText, taskFile }: LabFolder): readonly Problem[] {
  const problems: Problem[] = [];
  const { sections } = readTaskText(taskText);
  const tasks = lab.tasks.map(({ id }) => id);
  for (const [index, id] of tasks.entries()) {
    if (!sections.some((section) => section.id === id))
      problems.push(source.problem(['tasks', index], 'LAB-8', `task "${id}" has no text: add "## ${id}" to task.mdx`));
    if (!lab.checks.some(({ task }) => task === id)) problems.push(source.problem(['tasks', index], 'LAB-8', `task "${id}" has no check`));
  }
  for (const { id, line } of sections)
    if (!tasks.includes(id))
      problems.push({ file: taskFile, line, column: 1, rule: 'LAB-8', message: `"## ${id}" is no task of lab.yaml` });
  for (const [index, { task }] of lab.checks.entries())
    if (!tasks.includes(task)) problems.push(source.problem(['checks', index, 'task'], 'LAB-8', `there is no task "${task}"`));
  return problems;
}

function lintNeeds({ lab, source }: LabFolder): readonly Problem[] {
  const problems: Problem[] = [];
  const ids = lab.checks.map(({ id }) => id);
  for (const [index, { id, needs, mode }] of lab.checks.entries()) {
    if (ids.indexOf(id) !== index) problems.push(source.problem(['checks', index, 'id'], 'LAB-7', `two checks have the id "${id}"`));
    // Needing only earlier checks keeps the order acyclic, and the same as on the page.
    for (const other of needs)
      if (!ids.slice(0, index).includes(other))
        problems.push(source.problem(['checks', index, 'needs'], 'LAB-7', `"${other}" is no check before this one`));
    if (mode === 'guard' && needs.length > 0)
      problems.push(source.problem(['checks', index, 'needs'], 'LAB-7', 'a guard always holds and needs nothing'));
  }
  return problems;
}

/** What a check compares with must stand where the student can read it. */
function lintLiterals({ lab, source, taskText }: LabFolder, kinds: CheckKinds): readonly Problem[] {
  const readable = [taskText, ...lab.objects.map(({ text }) => text), ...lab.files.map(({ text, path }) => `${path}\n${text}`)].join('\n');
  return lab.checks.flatMap(({ expect, mode, task }, index) => {
    if (mode === 'guard') return [];
    const kind = kindOf(expect, kinds);
    return [...new Set(literalsOf(expect, kinds))]
      .filter((literal) => !literal.includes(`\${`) && !readable.includes(literal))
      .map((literal) =>
        source.problem(['checks', index, 'expect', kind?.kind ?? ''], 'LAB-9', `the text of task "${task}" never says "${literal}"`),
      );
  });
}

/** Nothing is matched by its position in a list: an answer with a sidecar in front is as good. */
function lintPositions({ lab, source }: LabFolder): readonly Problem[] {
  return lab.checks.flatMap(({ expect }, index) => {
    const found = /\w\[\d+\]/.exec(JSON.stringify(expect));
    return found
      ? [source.problem(['checks', index, 'expect'], 'LAB-15', `"${found[0]}" takes an item by its position; say \`exists\` or \`all\``)]
      : [];
  });
}

function lintAnswers({ lab, source, solutions, nearMisses }: LabFolder): readonly Problem[] {
  const problems: Problem[] = [];
  if (solutions.length < 2)
    problems.push(source.problem([], 'LAB-10', `a lab has at least two solutions, this one has ${solutions.length}`));
  if (nearMisses.length < 3)
    problems.push(source.problem([], 'LAB-10', `a lab has at least three near-misses, this one has ${nearMisses.length}`));
  for (const { name, check } of nearMisses)
    if (!lab.checks.some(({ id }) => id === check))
      problems.push(source.problem(['checks'], 'LAB-11', `near-misses/${name} names the check "${check}", which is not there`));
  for (const [index, path] of lab.readOnly.entries())
    if (!lab.files.some((file) => file.path === path))
      problems.push(source.problem(['readOnly', index], 'LAB-14', `there is no start file "${path}"`));
  return problems;
}
