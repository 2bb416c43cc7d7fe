// How every script speaks: one prefix, one way to fail.

/** A failure whose message is meant for the person at the terminal: printed without a stack trace. */
export class SetupError extends Error {}

/** Progress goes to stderr: stdout belongs to what was asked for (`--json` prints one document and nothing else). */
export function say(text) {
  console.error(`[kube40] ${text}`);
}

/** Something that the reader must not overlook, such as tests that could not run. */
export function shout(text) {
  const line = '!'.repeat(80);
  console.error(`\n${line}\n[kube40] ${text}\n${line}\n`);
}

export function fail(error) {
  console.error(`\n[kube40] ${error instanceof SetupError ? error.message : (error?.stack ?? error)}\n`);
  process.exit(1);
}
