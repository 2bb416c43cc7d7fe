/** Collects garbage when node was started with --expose-gc. */
export function collectGarbage(): void {
  const { gc } = globalThis as { readonly gc?: () => void };
  gc?.();
  gc?.();
}

/** Milliseconds of processor time, ours and the kernel's on our behalf. Unlike wall time, it is the same on a busy machine. */
export function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** As `cpuMs`, of something that waits. */
export async function cpuMsOf(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Bytes of heap that `count` results of `make` keep alive, each. */
export function heapBytesEach(count: number, make: (index: number) => unknown): number {
  const kept: unknown[] = [make(0)];
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let index = 1; index <= count; index++) kept.push(make(index));
  collectGarbage();
  const used = process.memoryUsage().heapUsed - before;
  // Alive until here, so that nothing was collected too early.
  return kept.length > 0 ? used / count : Number.NaN;
}
