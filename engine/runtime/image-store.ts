import type { ImageOnNode, PullAnswer } from './container-runtime.ts';
import { parseImageReference, referenceProblem } from './image-reference.ts';
import type { ImageRegistry } from './image-registry.ts';
import type { RuntimeState } from './runtime-state.ts';

/** The images of one node, and what registries say about others. */
export class ImageStore {
  readonly #state: RuntimeState;
  readonly #registry: ImageRegistry;

  constructor(state: RuntimeState, registry: ImageRegistry) {
    this.#state = state;
    this.#registry = registry;
  }

  find(image: string): ImageOnNode | undefined {
    const reference = parseImageReference(image);
    return reference && this.#state.images.get(reference.text);
  }

  resolve(image: string): PullAnswer {
    const reference = parseImageReference(image);
    if (!reference) return { kind: 'refused', message: `couldn't parse image name "${image}": ${referenceProblem(image)}` };
    const answer = this.#registry.resolve(reference);
    if (answer.kind === 'refused') return answer;
    return { kind: 'found', image: answer.image, present: this.#state.images.get(reference.text)?.id === answer.image.id };
  }

  store(image: ImageOnNode): void {
    this.#state.images.set(image.reference, image);
  }

  remove(reference: string): void {
    this.#state.images.delete(reference);
  }

  list(): readonly ImageOnNode[] {
    return [...this.#state.images.values()];
  }
}
