const allowed = /^[\w][\w./-]*$/;

/** Why a new file cannot have this name; undefined when it can. The server has the last word. */
export function fileNameProblem(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return 'A file needs a name, for example service.yaml.';
  if (taken.includes(name)) return `There is already a file ${name}.`;
  if (name.length > 200) return 'A file name may have 200 characters.';
  if (!allowed.test(name) || name.split('/').includes('..')) return 'A file name may hold letters, digits, ".", "_", "-" and "/".';
  return undefined;
}
