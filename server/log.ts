/** The server's voice on the terminal: one line per happening. */
export function logInfo(text: string): void {
  console.log(`[kube40] ${text}`);
}

/** Something broke that a person should look at; `error` is printed with its causes. */
export function logError(text: string, error?: unknown): void {
  console.error(`[kube40] ${text}`, error ?? '');
}
