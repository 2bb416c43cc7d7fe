/** YAML in the form in which kubectl prints objects: keys sorted, lists at their key's indentation. Kubernetes: sigs.k8s.io/yaml. */
export function toYaml(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `${scalar(value, '')}\n`;
  return `${lines(value, '').join('\n')}\n`;
}

function lines(value: object, indent: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => listItem(item, indent));
  return Object.keys(value)
    .sort()
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .flatMap((key) => field(key, (value as Record<string, unknown>)[key], indent));
}

function field(key: string, value: unknown, indent: string): string[] {
  const name = `${indent}${scalar(key, indent)}:`;
  if (typeof value !== 'object' || value === null) return [`${name} ${scalar(value, indent)}`];
  if (isEmpty(value)) return [`${name} ${Array.isArray(value) ? '[]' : '{}'}`];
  return [name, ...lines(value, Array.isArray(value) ? indent : `${indent}  `)];
}

function listItem(value: unknown, indent: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${indent}- ${scalar(value, `${indent}  `)}`];
  if (isEmpty(value)) return [`${indent}- ${Array.isArray(value) ? '[]' : '{}'}`];
  const [first = '', ...rest] = lines(value, `${indent}  `);
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
}

function isEmpty(value: object): boolean {
  return Array.isArray(value) ? value.length === 0 : Object.values(value).every((field) => field === undefined);
}

/** Texts that would read back as something else than a text. */
const ambiguous =
  /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|<<|=|[-+]?\.inf|[-+]?\.Inf|\.nan|\.NaN|[-+]?(?:0b[01_]+|0x[\da-fA-F_]+|0o?[0-7_]+|[\d_]+(?:\.[\d_]*)?(?:[eE][-+]?\d+)?|\.[\d_]+(?:[eE][-+]?\d+)?)|\d{4}-\d{1,2}-\d{1,2}.*|[-+]?\d+(?::\d+)+)$/;

function scalar(value: unknown, indent: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'string') return String(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: texts with control characters have to be quoted.
  if (value.includes('\n') && !/[\t\u0000-\u0009\u000b-\u001f]|[ \t]\n|^\s/.test(value)) return block(value, indent);
  if (value === '' || ambiguous.test(value)) return `"${value}"`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: texts with control characters have to be quoted.
  if (/[\u0000-\u001f\u007f]/.test(value)) return JSON.stringify(value);
  const needsQuotes = /^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|: |:$| #|^\s|\s$/.test(value);
  return needsQuotes ? `'${value.replaceAll("'", "''")}'` : value;
}

function block(value: string, indent: string): string {
  const chomp = value.endsWith('\n\n') ? '+' : value.endsWith('\n') ? '' : '-';
  const body = value.endsWith('\n') ? value.slice(0, -1) : value;
  const inner = body.split('\n').map((line) => (line === '' ? '' : `${indent}  ${line}`));
  return `|${chomp}\n${inner.join('\n')}`;
}
