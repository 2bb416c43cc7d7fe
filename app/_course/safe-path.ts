const somewhereSafe = '/days';

/** Where a form asks to go on to: a path of this site, never another host. */
export function safePath(value: unknown): string {
  if (typeof value !== 'string' || !value.startsWith('/') || /^\/[/\\]/.test(value) || /[\u0000-\u001f\\]/.test(value))
    return somewhereSafe;
  return value;
}
