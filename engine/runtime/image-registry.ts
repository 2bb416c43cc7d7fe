import type { ImageDefinition, ImageTag } from '../images/image-program.ts';
import type { ImageOnNode } from './container-runtime.ts';
import { type ImageReference, parseImageReference } from './image-reference.ts';

/** Registries that answer in the simulated internet. Any other host name does not resolve. */
const hosts: Readonly<Record<string, (reference: ImageReference) => string>> = {
  'docker.io': () =>
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  'registry.k8s.io': (reference) => `${reference.text}: not found`,
  'quay.io': ({ path, tag }) => `unexpected status from HEAD request to https://quay.io/v2/${path}/manifests/${tag}: 401 UNAUTHORIZED`,
  'ghcr.io': ({ path }) =>
    `failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3A${encodeURIComponent(path)}%3Apull&service=ghcr.io: 403 Forbidden`,
  'gcr.io': ({ text }) => `${text}: not found`,
  'mcr.microsoft.com': ({ text }) => `${text}: not found`,
};

export type RegistryAnswer =
  | { readonly kind: 'found'; readonly image: ImageOnNode; readonly definition: ImageDefinition }
  | { readonly kind: 'refused'; readonly message: string };

/** Every image that exists in the simulated world, by repository. */
export class ImageRegistry {
  readonly #definitions = new Map<string, ImageDefinition>();

  constructor(definitions: readonly ImageDefinition[]) {
    for (const definition of definitions) this.#definitions.set(definition.repository, definition);
  }

  /** A definition by a full reference (`docker.io/library/nginx:1.25`). */
  definitionOf(fullReference: string): ImageDefinition | undefined {
    const reference = parseImageReference(fullReference);
    return reference && this.#definitions.get(`${reference.registry}/${reference.path}`);
  }

  /** What the registry answers to a pull, in containerd's words. */
  resolve(reference: ImageReference): RegistryAnswer {
    const repository = `${reference.registry}/${reference.path}`;
    const definition = this.#definitions.get(repository);
    if (definition) {
      const tag = findTag(definition, reference);
      if (!tag) return refusedPull(reference, `${reference.text}: not found`, 'NotFound');
      const digest = digestOf(`${repository}:${tag.sameAs ?? tag.tag}`);
      return {
        kind: 'found',
        definition,
        image: { reference: reference.text, id: `${repository}@sha256:${digest}`, sizeBytes: tag.sizeBytes },
      };
    }
    const refusal = hosts[reference.registry];
    if (refusal)
      return refusedPull(
        reference,
        refusal(reference),
        reference.registry === 'docker.io' || reference.registry === 'quay.io' || reference.registry === 'ghcr.io' ? 'Unknown' : 'NotFound',
      );
    const [host] = reference.registry.split(':');
    const url = `https://${reference.registry}/v2/${reference.path}/manifests/${reference.tag}`;
    return refusedPull(reference, `failed to do request: Head "${url}": dial tcp: lookup ${host}: no such host`, 'Unknown');
  }
}

/** The kubelet leaves the code out when it is Unknown. Kubernetes: cri-client/pkg/remote_image.go. */
function refusedPull(reference: ImageReference, because: string, code: 'NotFound' | 'Unknown'): RegistryAnswer {
  const prefix = code === 'Unknown' ? '' : `rpc error: code = ${code} desc = `;
  return {
    kind: 'refused',
    message: `${prefix}failed to pull and unpack image "${reference.text}": failed to resolve reference "${reference.text}": ${because}`,
  };
}

function findTag(definition: ImageDefinition, reference: ImageReference): ImageTag | undefined {
  if (definition.tags === 'any') return { tag: reference.tag, sizeBytes: definition.sizeBytes ?? 30_000_000 };
  if (reference.digest === undefined) return definition.tags.find(({ tag }) => tag === reference.tag);
  const repository = `${reference.registry}/${reference.path}`;
  return definition.tags.find(({ tag, sameAs }) => `sha256:${digestOf(`${repository}:${sameAs ?? tag}`)}` === reference.digest);
}

const digests = new Map<string, string>();

/** 64 hexadecimal digits that stand for the content; equal names have equal content. Not a real SHA-256. */
export function digestOf(text: string): string {
  const found = digests.get(text);
  if (found) return found;
  let digest = '';
  for (let part = 0; part < 8; part++) {
    let hash = (0x811c9dc5 ^ (part * 0x9e3779b1)) >>> 0;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0;
    digest += ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, '0');
  }
  if (digests.size > 5000) digests.clear();
  digests.set(text, digest);
  return digest;
}
