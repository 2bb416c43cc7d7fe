import type { ObjectRef } from '../../server/gateway/protocol.ts';

export const panes = ['tasks', 'editor', 'terminal', 'cluster'] as const;
export type PaneName = (typeof panes)[number];
export type InsightTab = 'cluster' | 'events' | 'trace' | 'object';
export type OpenDialog = 'palette' | 'keys' | 'reset' | undefined;

/** A place in a file that the editor should show. `at` makes two jumps to one place two jumps. */
export interface FileJump {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly at: number;
}

/** What the person has chosen to look at. Nothing here is known to the server. */
export interface UiState {
  readonly selected: ObjectRef | undefined;
  readonly insight: InsightTab;
  readonly clusterAs: 'picture' | 'table';
  readonly showsSystem: boolean;
  readonly file: string | undefined;
  readonly jump: FileJump | undefined;
  readonly terminal: string;
  readonly terminals: readonly string[];
  readonly fullScreen: PaneName | undefined;
  readonly phonePane: PaneName;
  readonly traceStep: number | undefined;
  readonly dialog: OpenDialog;
}

export const initialUi: UiState = {
  selected: undefined,
  insight: 'cluster',
  clusterAs: 'picture',
  showsSystem: false,
  file: undefined,
  jump: undefined,
  terminal: 'terminal-1',
  terminals: ['terminal-1'],
  fullScreen: undefined,
  phonePane: 'tasks',
  traceStep: undefined,
  dialog: undefined,
};
