/** What is wrong with a key of a ConfigMap or Secret. Kubernetes: apimachinery/pkg/util/validation IsConfigMapKey (1.36). */
export function dataKeyProblems(key: string): readonly string[] {
  const wrong: string[] = [];
  if (key.length > 253) wrong.push('must be no more than 253 bytes');
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
    wrong.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    );
  }
  if (key === '.') wrong.push("must not be '.'");
  if (key === '..' || key.startsWith('../')) wrong.push("must not be '..'");
  return wrong;
}
