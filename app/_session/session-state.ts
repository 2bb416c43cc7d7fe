import type {
  ClockView,
  ComponentView,
  EventView,
  FileView,
  GradeView,
  HopView,
  ObjectRef,
  ObjectView,
  ServerError,
  TickView,
  TraceView,
} from '../../server/gateway/protocol.ts';

/** Where the line to the lab session stands. `refused` is final until the person acts. */
export type ConnectionState =
  | { readonly status: 'connecting' }
  | { readonly status: 'live' }
  | { readonly status: 'reconnecting'; readonly attempt: number; readonly retryAtMs: number }
  | { readonly status: 'refused'; readonly error: ServerError };

export interface Notice {
  readonly id: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

/** All that one tab knows about its lab session. Replaced, never changed in place. */
export interface SessionState {
  readonly connection: ConnectionState;
  readonly epoch: string | undefined;
  readonly seq: number;
  /** True once the first full state has arrived. */
  readonly isLoaded: boolean;
  readonly objects: ReadonlyMap<string, ObjectView>;
  readonly components: readonly ComponentView[];
  /** Oldest first. */
  readonly events: readonly EventView[];
  /** Oldest first. */
  readonly trace: readonly TraceView[];
  /** Oldest first. */
  readonly hops: readonly HopView[];
  readonly clock: ClockView | undefined;
  readonly ticks: ReadonlyMap<string, TickView>;
  readonly files: ReadonlyMap<string, FileView>;
  readonly terminals: readonly string[];
  readonly hintsUsed: Readonly<Record<string, readonly string[]>>;
  readonly grade: GradeView | undefined;
  readonly canUndoReset: boolean;
  readonly tabs: number;
  readonly notices: readonly Notice[];
}

export const emptySession: SessionState = {
  connection: { status: 'connecting' },
  epoch: undefined,
  seq: 0,
  isLoaded: false,
  objects: new Map(),
  components: [],
  events: [],
  trace: [],
  hops: [],
  clock: undefined,
  ticks: new Map(),
  files: new Map(),
  terminals: [],
  hintsUsed: {},
  grade: undefined,
  canUndoReset: false,
  tabs: 1,
  notices: [],
};

/** One text per object, whatever its resourceVersion: `apps/v1|Deployment|default|web`. */
export function objectKey(ref: ObjectRef): string {
  return `${ref.apiVersion}|${ref.kind}|${ref.namespace ?? ''}|${ref.name}`;
}

/** `Deployment default/web`, or `Node node-1` for what has no namespace. */
export function objectLabel(ref: ObjectRef): string {
  return ref.namespace ? `${ref.kind} ${ref.namespace}/${ref.name}` : `${ref.kind} ${ref.name}`;
}

export function isSameObject(a: ObjectRef | undefined, b: ObjectRef | undefined): boolean {
  return a !== undefined && b !== undefined && objectKey(a) === objectKey(b);
}
