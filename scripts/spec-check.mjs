// Compares the rules of engine/SPEC.md (**STORE-4**) with the test names that quote them ([STORE-4]): both ways, none left over.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fail, SetupError, say } from './console.mjs';

const specFile = 'engine/SPEC.md';

export function rulesOf(spec) {
  return [...spec.matchAll(/\*\*([A-Z][A-Z0-9]*-\d+)\*\*/g)].map(([, id]) => id);
}

/** Ids that the names of tests quote. `[STORE-*]` in a name stands for all of STORE and proves none. */
export function quotedBy(testSource) {
  const names = testSource.matchAll(/\b(?:test|it)(?:\.\w+)*(?:(?<=\.each)\([\s\S]*?\))?\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1/g);
  return [...names].flatMap(([, , name]) => [...name.matchAll(/\[([A-Z][A-Z0-9]*-\d+)\]/g)].map(([, id]) => id));
}

export function compare(spec, testSources) {
  const rules = rulesOf(spec);
  const quoted = new Set(testSources.flatMap(quotedBy));
  const known = new Set(rules);
  return {
    twice: rules.filter((id, position) => rules.indexOf(id) !== position),
    untested: [...known].filter((id) => !quoted.has(id)),
    unknown: [...quoted].filter((id) => !known.has(id)),
  };
}

function testSources() {
  return ['engine', 'tests', 'labs']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)))
    .filter((file) => /\.(test|case)\.tsx?$/.test(file) && !file.startsWith(path.join('tests', 'boundaries')))
    .map((file) => readFileSync(file, 'utf8'));
}

export function checkSpec() {
  return compare(existsSync(specFile) ? readFileSync(specFile, 'utf8') : '', testSources());
}

if (import.meta.filename === process.argv[1]) {
  const { twice, untested, unknown } = checkSpec();
  for (const id of twice) say(`${id} is defined twice in ${specFile}`);
  for (const id of untested) say(`${id} has no test: no test name holds [${id}]`);
  for (const id of unknown) say(`a test quotes [${id}], which ${specFile} does not define`);
  if (twice.length + untested.length + unknown.length > 0) fail(new SetupError(`${specFile} and the tests disagree.`));
  say(`every rule of ${specFile} has a test`);
}
