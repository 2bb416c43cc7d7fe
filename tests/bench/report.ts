/** One measured number. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms CPU' | 'MB' | '1/s' | '';
  readonly value: number;
  /** What it must not exceed. */
  readonly target?: number;
  /** The same of the peer, when it was measured. */
  readonly peer?: number;
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** How many times better we are: less time and memory, more requests. */
function ratio({ unit, value, peer }: Figure): string {
  if (peer === undefined) return '';
  return `${shown(unit === '1/s' ? value / peer : peer / value)}×`;
}

export function missesTarget({ value, target }: Figure): boolean {
  return target !== undefined && value > target;
}

export function printFigures(figures: readonly Figure[]): void {
  const rows = figures.map((figure) => [
    figure.name,
    `${shown(figure.value)} ${figure.unit}`.trim(),
    figure.target === undefined ? '' : `${missesTarget(figure) ? 'MISSED' : 'ok'} (≤ ${figure.target})`,
    figure.peer === undefined ? '' : `${shown(figure.peer)} ${figure.unit}`.trim(),
    ratio(figure),
  ]);
  const all = [['figure', 'kube40', 'target', 'webernetes', 'ratio'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  for (const row of all)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}
