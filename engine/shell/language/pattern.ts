/** A shell pattern (`*`, `?`, `[a-z]`) as a regular expression over a whole text. Backslash quotes. */
export function patternToRegExp(
  pattern: string,
  options: { readonly anchored: 'both' | 'start' | 'end'; readonly greedy: boolean } = { anchored: 'both', greedy: true },
): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string;
    if (character === '\\') source += escapeForRegExp(pattern[++at] ?? '\\');
    else if (character === '*') source += options.greedy ? '[\\s\\S]*' : '[\\s\\S]*?';
    else if (character === '?') source += '[\\s\\S]';
    else if (character === '[') {
      const end = pattern.indexOf(']', at + 2);
      if (end < 0) source += '\\[';
      else {
        const inner = pattern
          .slice(at + 1, end)
          .replace(/^[!^]/, '^')
          .replaceAll('\\', '\\\\')
          .replaceAll(/\[:(\w+):\]/g, (_whole, name: string) => classes[name] ?? '');
        source += `[${inner}]`;
        at = end;
      }
    } else source += escapeForRegExp(character);
  }
  return new RegExp(`${options.anchored === 'end' ? '' : '^'}${source}${options.anchored === 'start' ? '' : '$'}`);
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  lower: 'a-z',
  upper: 'A-Z',
  space: '\\s',
};

function escapeForRegExp(character: string): string {
  return character.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** Whether an unquoted text could name several files. */
export function hasPattern(text: string): boolean {
  return /(^|[^\\])[*?[]/.test(text);
}
