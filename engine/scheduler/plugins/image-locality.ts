import { maxNodeScore, type SchedulerPlugin } from '../plugin.ts';

const megabyte = 1024 * 1024;
const leastBytes = 23 * megabyte;
const mostBytesPerContainer = 1000 * megabyte;

/** Likes nodes that hold the pod's images already. Kubernetes: plugins/imagelocality (1.36). */
export const imageLocality: SchedulerPlugin = {
  name: 'ImageLocality',
  score(_state, pod, { node }, view) {
    const images = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map(({ image }) => normalizedName(image ?? ''));
    const held = node?.status?.images;
    if (!held || held.length === 0) return 0;
    let bytes = 0;
    for (const name of images) {
      const facts = view.image(name);
      // Images that lie on few nodes count less, or all pods would crowd there.
      if (facts && held.some(({ names }) => names?.includes(name))) bytes += Math.floor(facts.bytes * (facts.nodes / view.nodeCount));
    }
    const mostBytes = mostBytesPerContainer * images.length;
    const within = Math.min(mostBytes, Math.max(leastBytes, bytes));
    return Math.floor((maxNodeScore * (within - leastBytes)) / (mostBytes - leastBytes));
  },
};

/** `nginx` means `nginx:latest`. */
function normalizedName(name: string): string {
  return name.lastIndexOf(':') <= name.lastIndexOf('/') ? `${name}:latest` : name;
}
