// Answers to a lab's questions, and what other tools read.
const otherYaml = ['answers', 'values', 'kustomization', 'Chart', 'compose', 'docker-compose'];

/** The files that the Kubernetes schema is for: every YAML file but those with another meaning. A later pattern overrides an earlier one. */
export const manifestGlobs: readonly string[] = [
  '**/*.yaml',
  '**/*.yml',
  ...otherYaml.flatMap((name) => [`!**/${name}*.yaml`, `!**/${name}*.yml`]),
];

export function isManifest(path: string): boolean {
  const name = path.split('/').at(-1) ?? '';
  return /\.ya?ml$/.test(name) && !otherYaml.some((other) => name.startsWith(other));
}
