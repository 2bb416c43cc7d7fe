export { createCore, type TestCore, testStartMs } from './create-core.ts';
