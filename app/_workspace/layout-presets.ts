type Shares = Record<string, number>;
interface PaneLayout {
  readonly columns: Shares;
  readonly rows: Shares;
}

const storageKey = 'kube40-layout';
/** Fired on `window` with the name of a preset. */
export const layoutEvent = 'kube40-layout';

export const presets = {
  balanced: { columns: { tasks: 23, work: 40, cluster: 37 }, rows: { editor: 58, terminal: 42 } },
  write: { columns: { tasks: 20, work: 54, cluster: 26 }, rows: { editor: 72, terminal: 28 } },
  type: { columns: { tasks: 20, work: 54, cluster: 26 }, rows: { editor: 28, terminal: 72 } },
  watch: { columns: { tasks: 18, work: 27, cluster: 55 }, rows: { editor: 50, terminal: 50 } },
} as const satisfies Record<string, PaneLayout>;
export type LayoutPreset = keyof typeof presets;

export const presetNames: Record<LayoutPreset, string> = {
  balanced: 'Balanced',
  write: 'Large editor',
  type: 'Large terminal',
  watch: 'Large cluster',
};

export function applyPreset(preset: LayoutPreset): void {
  window.dispatchEvent(new CustomEvent(layoutEvent, { detail: preset }));
}

function isShares(value: unknown, like: Shares): value is Shares {
  if (typeof value !== 'object' || value === null) return false;
  const shares: Record<string, unknown> = { ...value };
  return Object.keys(like).every((key) => typeof shares[key] === 'number');
}

/** The layout that this browser used last; storage may be refused or hold anything. */
export function readLayout(): PaneLayout {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    const { columns, rows } = { columns: undefined, rows: undefined, ...(stored as object) };
    return {
      columns: isShares(columns, presets.balanced.columns) ? columns : presets.balanced.columns,
      rows: isShares(rows, presets.balanced.rows) ? rows : presets.balanced.rows,
    };
  } catch {
    return presets.balanced;
  }
}

export function writeLayout(change: Partial<PaneLayout>): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify({ ...readLayout(), ...change }));
  } catch {
    // Without storage the layout lasts as long as the page.
  }
}
