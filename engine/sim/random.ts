/** State of the generator: four unsigned 32-bit words. Plain data, part of every snapshot. */
export type RandomState = [number, number, number, number];

/** Seeds the generator; equal seeds give equal sequences. */
export function seedRandom(seed: number): RandomState {
  const state: RandomState = [0x9e3779b9, 0x243f6a88, 0xb7e15162, seed >>> 0];
  for (let i = 0; i < 15; i++) nextUint32(state);
  return state;
}

/** The next value of the sfc32 sequence (Chris Doty-Humphrey's small fast counting generator). */
export function nextUint32(state: RandomState): number {
  const [a, b, c, d] = state;
  const sum = (((a + b) | 0) + d) | 0;
  state[3] = (d + 1) | 0;
  state[0] = b ^ (b >>> 9);
  state[1] = (c + (c << 3)) | 0;
  state[2] = (((c << 21) | (c >>> 11)) + sum) | 0;
  return sum >>> 0;
}
