/** An image reference taken apart. Kubernetes: pkg/util/parsers and the reference grammar of OCI distribution. */
export interface ImageReference {
  /** `docker.io`. */
  readonly registry: string;
  /** `library/nginx`. */
  readonly path: string;
  readonly tag: string;
  readonly digest: string | undefined;
  /** `docker.io/library/nginx:1.25`. */
  readonly text: string;
}

const pathPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

const known = new Map<string, ImageReference | undefined>();

/** The full form of a reference: `nginx` → `docker.io/library/nginx:latest`; `undefined` when the text is no reference. */
export function parseImageReference(text: string): ImageReference | undefined {
  if (known.has(text)) return known.get(text);
  const reference = parseNew(text);
  // A bounded memo: clusters use few images, a hostile client may use many.
  if (known.size > 5000) known.clear();
  known.set(text, reference);
  return reference;
}

function parseNew(text: string): ImageReference | undefined {
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !digestPattern.test(digest)) return undefined;
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  const tag = hasTag ? named.slice(colon + 1) : 'latest';
  if (!tagPattern.test(tag)) return undefined;
  const name = hasTag ? named.slice(0, colon) : named;
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = first.includes('.') || first.includes(':') || first === 'localhost';
  const registry = hasRegistry ? first : 'docker.io';
  const rest = hasRegistry ? name.slice(slash + 1) : name;
  const path = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  if (!pathPattern.test(path)) return undefined;
  return { registry, path, tag, digest, text: digest ? `${registry}/${path}@${digest}` : `${registry}/${path}:${tag}` };
}

/** Why a text is no reference, in the words of the reference grammar's parser. */
export function referenceProblem(text: string): string {
  const name = withoutTag(text.split('@')[0] ?? '');
  if (name === name.toLowerCase()) return 'invalid reference format';
  return `invalid reference format: repository name (${name.includes('/') ? name : `library/${name}`}) must be lowercase`;
}

function withoutTag(name: string): string {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}
