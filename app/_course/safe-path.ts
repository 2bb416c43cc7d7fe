const somewhereSafe = '/days';

const ourselves = 'http://site.invalid';

/** Where a form asks to go on to: a path of this site, never another host. */
export function safePath(value: unknown): string {
  if (typeof value !== 'string' || !value.startsWith('/') || !URL.canParse(value, ourselves)) return somewhereSafe;
  // Read as a browser would read it: `//host`, `/\\host` and hidden line breaks all come out as what they are.
  const { origin, pathname, search, hash } = new URL(value, ourselves);
  return origin === ourselves ? pathname + search + hash : somewhereSafe;
}
