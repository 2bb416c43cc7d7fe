import type { Container } from '../runtime/container-runtime.ts';
import type { V1PodSpec } from '../schema/generated/models.ts';

/** Whether a main container that is not running should be. */
export function shouldRestart(spec: V1PodSpec | undefined, container: Container): boolean {
  const policy = spec?.restartPolicy ?? 'Always';
  return container.state !== 'exited' || policy === 'Always' || (policy === 'OnFailure' && container.exitCode !== 0);
}
