const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** The backslash escapes of `echo -e` and of printf formats. */
export function unescapeEcho(text: string): string {
  return text.replaceAll(
    /\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|([\s\S]))/g,
    (whole, hex: string | undefined, octal: string | undefined, name: string | undefined) => {
      if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
      return escapes[name ?? ''] ?? whole;
    },
  );
}

/** `printf`: the format is used again until all arguments are printed. */
export function formatPrintf(format: string, args: readonly string[]): string {
  let output = '';
  let rest = [...args];
  const hasDirective = /%[^%]/.test(format.replaceAll('%%', ''));
  do {
    output += unescapeEcho(format).replaceAll(
      /%(?:%|([-0 +]*)(\d+|\*)?(?:\.(\d+))?([sdiuxXofeEgcbq]))/g,
      (whole, flags: string | undefined, width: string | undefined, precision: string | undefined, type: string | undefined) => {
        if (whole === '%%') return '%';
        const wide = width === '*' ? Number(rest.shift() ?? 0) : Number(width ?? 0);
        return pad(convert(type ?? 's', rest.shift(), precision), wide, flags ?? '');
      },
    );
    if (!hasDirective) rest = [];
  } while (rest.length > 0);
  return output;
}

function convert(type: string, argument: string | undefined, precision: string | undefined): string {
  const number = Number(argument ?? '0') || 0;
  switch (type) {
    case 'd':
    case 'i':
    case 'u':
      return String(Math.trunc(number));
    case 'x':
      return Math.trunc(number).toString(16);
    case 'X':
      return Math.trunc(number).toString(16).toUpperCase();
    case 'o':
      return Math.trunc(number).toString(8);
    case 'f':
      return number.toFixed(Number(precision ?? 6));
    case 'e':
    case 'E':
      return number.toExponential(Number(precision ?? 6));
    case 'g':
      return String(number);
    case 'c':
      return (argument ?? '').slice(0, 1);
    case 'b':
      return unescapeEcho(argument ?? '');
    case 'q':
      return /^[\w./:-]+$/.test(argument ?? '') ? (argument ?? '') : `'${(argument ?? '').replaceAll("'", "'\\''")}'`;
    default:
      return precision === undefined ? (argument ?? '') : (argument ?? '').slice(0, Number(precision));
  }
}

function pad(text: string, width: number, flags: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  return flags.includes('0') ? text.padStart(width, '0') : text.padStart(width);
}
