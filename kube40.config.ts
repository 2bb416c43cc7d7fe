import type { Kube40Config } from '#labs/sdk';
import { course } from './labs/course.ts';

/** The plugins of this installation, in order. A plugin brings days, check kinds, or both. */
const config: Kube40Config = { plugins: [course] };

export default config;
