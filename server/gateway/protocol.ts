/**
 * The WebSocket protocol between a browser tab and its lab session: one connection per tab, JSON text frames.
 *
 * Inbound frames are parsed with the zod schemas below; outbound frames are plain readonly types. Both ends import this file.
 *
 * Order and resume: every outbound frame that changes what the tab knows carries `seq`, counted per session and never reused
 * within an `epoch` (an epoch ends when the server loses the frame log, e.g. on a restart). A tab reconnects with the last
 * `seq` it has applied; the server sends what came after, or a full `welcome` + `state` when it no longer has it.
 * Slow readers: `delta` frames that were not yet sent are merged per object, so that the newest state wins.
 */
import { z } from 'zod';

export const protocolVersion = 1;

/** Largest inbound frame in bytes. A larger one closes the socket with 1009; the client refuses to send it and says so. */
export const maxFrameBytes = 1_500_000;
/** Largest single file in bytes. */
export const maxFileBytes = 1_000_000;

const requestId = z.string().min(1).max(64);
const filePath = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w][\w./-]*$/, 'A file name may hold letters, digits, ".", "_", "-" and "/".')
  .refine((path) => !path.split('/').includes('..'), 'A file name may not hold "..".');
const objectRefSchema = z.strictObject({
  apiVersion: z.string().max(120),
  kind: z.string().max(120),
  namespace: z.string().max(253).optional(),
  name: z.string().min(1).max(253),
});

/** What a person may do to the cluster beside its API: the levers in the cluster view. */
const leverSchema = z.discriminatedUnion('lever', [
  z.strictObject({ lever: z.literal('stopComponent'), component: z.string().max(120), node: z.string().max(253).optional() }),
  z.strictObject({ lever: z.literal('startComponent'), component: z.string().max(120), node: z.string().max(253).optional() }),
  z.strictObject({ lever: z.literal('powerOffNode'), node: z.string().max(253) }),
  z.strictObject({ lever: z.literal('powerOnNode'), node: z.string().max(253) }),
  z.strictObject({
    lever: z.literal('killContainer'),
    namespace: z.string().max(253),
    pod: z.string().max(253),
    container: z.string().max(253),
  }),
  z.strictObject({
    lever: z.literal('sendRequests'),
    /** `outside`, `node/<name>` or `pod/<namespace>/<name>`. */
    from: z.string().max(520),
    url: z.string().max(2000),
    count: z.int().min(1).max(200),
  }),
]);

export const clientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    protocol: z.int(),
    session: z.string().min(1).max(64),
    resume: z.strictObject({ epoch: z.string().max(64), seq: z.int().min(0) }).optional(),
  }),
  /** Applies the text as `kubectl apply -f` would; the reply is an `ApplyReply`. The text is saved to the file first. */
  z.strictObject({ type: z.literal('apply'), id: requestId, path: filePath, text: z.string().max(maxFileBytes) }),
  /** `base` is the file revision the edit started from; an older one is answered `stale` with the newer text. */
  z.strictObject({ type: z.literal('saveFile'), id: requestId, path: filePath, text: z.string().max(maxFileBytes), base: z.int().min(0) }),
  z.strictObject({ type: z.literal('removeFile'), id: requestId, path: filePath }),
  z.strictObject({
    type: z.literal('openTerminal'),
    id: requestId,
    terminal: z.string().min(1).max(64),
    cols: z.int().min(2).max(500),
    rows: z.int().min(1).max(300),
  }),
  z.strictObject({ type: z.literal('terminalInput'), terminal: z.string().min(1).max(64), data: z.string().max(100_000) }),
  z.strictObject({
    type: z.literal('terminalResize'),
    terminal: z.string().min(1).max(64),
    cols: z.int().min(2).max(500),
    rows: z.int().min(1).max(300),
  }),
  z.strictObject({ type: z.literal('closeTerminal'), terminal: z.string().min(1).max(64) }),
  z.strictObject({
    type: z.literal('setClock'),
    id: requestId,
    paused: z.boolean().optional(),
    speed: z.union([z.literal(1), z.literal(5), z.literal(20), z.literal(60)]).optional(),
  }),
  /** Runs the next due event while paused. */
  z.strictObject({ type: z.literal('stepClock'), id: requestId }),
  /** Runs until the next change of an object that a person would notice, at most ten virtual minutes ahead. */
  z.strictObject({ type: z.literal('skipClock'), id: requestId }),
  z.strictObject({ type: z.literal('pullLever'), id: requestId, action: leverSchema }),
  z.strictObject({ type: z.literal('getObject'), id: requestId, object: objectRefSchema }),
  z.strictObject({ type: z.literal('why'), id: requestId, object: objectRefSchema }),
  z.strictObject({ type: z.literal('grade'), id: requestId }),
  z.strictObject({ type: z.literal('useHint'), id: requestId, check: z.string().max(120) }),
  /** Turns the cluster back to a virtual time that `timeline` listed; the files stay. */
  z.strictObject({ type: z.literal('rewind'), id: requestId, toMs: z.number().min(0) }),
  /** Starts the lab over. The old session is kept for `undoReset`. */
  z.strictObject({ type: z.literal('reset'), id: requestId }),
  z.strictObject({ type: z.literal('undoReset'), id: requestId }),
  z.strictObject({ type: z.literal('ping'), id: requestId }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;
export type Lever = z.infer<typeof leverSchema>;
export type ObjectRef = z.infer<typeof objectRefSchema>;

/** One meaning everywhere; always shown with a shape and a word. */
export type LifeState = 'running' | 'pending' | 'failed' | 'terminating' | 'unknown';

/** One Kubernetes object as the cluster view, the table and the event list need it. */
export interface ObjectView {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly state: LifeState;
  /** What `kubectl get` prints as STATUS, e.g. `Running`, `CrashLoopBackOff`, `Ready,SchedulingDisabled`. */
  readonly status: string;
  /** Virtual milliseconds. */
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  /** The controlling owner, if any. */
  readonly owner?: ObjectRef;
  /** Columns of `kubectl get -o wide`, in order. */
  readonly columns: readonly { readonly name: string; readonly value: string }[];
  readonly pod?: { readonly node?: string; readonly ip?: string; readonly ready: number; readonly containers: readonly ContainerView[] };
  readonly service?: {
    readonly type: string;
    readonly clusterIP?: string;
    readonly ports: readonly string[];
    readonly selector: Readonly<Record<string, string>>;
    readonly endpoints: readonly EndpointView[];
    readonly external?: string;
  };
  readonly node?: {
    readonly ip: string;
    readonly zone?: string;
    readonly ready: boolean;
    readonly schedulable: boolean;
    readonly taints: readonly string[];
    readonly poweredOn: boolean;
  };
  readonly workload?: { readonly desired: number; readonly ready: number; readonly updated: number };
}
export interface ContainerView {
  readonly name: string;
  readonly image: string;
  readonly state: LifeState;
  readonly reason?: string;
  readonly restarts: number;
}
export interface EndpointView {
  readonly pod?: string;
  readonly address: string;
  readonly ready: boolean;
}

/** A control-plane or node component, as a box with its health. */
export interface ComponentView {
  /** `etcd`, `kube-apiserver`, `kube-scheduler`, `kube-controller-manager`, `cloud-controller-manager`, `kubelet`, `containerd`, `kube-proxy`, `coredns`. */
  readonly name: string;
  /** The node it runs on; absent for the control plane as a whole. */
  readonly node?: string;
  readonly health: 'running' | 'stopped' | 'failing';
  readonly detail: string;
}

export interface EventView {
  readonly id: string;
  readonly atMs: number;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly about: ObjectRef;
  readonly from: string;
}

/** One step of cause and effect, written by the engine. */
export interface TraceView {
  readonly id: number;
  readonly atMs: number;
  /** The component that acted, with the names of `ComponentView.name`, or a user's name. */
  readonly actor: string;
  readonly node?: string;
  /** A short sentence. */
  readonly text: string;
  readonly about?: ObjectRef;
  readonly because: readonly number[];
  readonly revision?: number;
}

/** A packet on its way: each hop in order, ending in a response or a failure. */
export interface HopView {
  readonly id: number;
  readonly atMs: number;
  readonly hops: readonly { readonly at: string; readonly does: string }[];
  readonly outcome: string;
  readonly ok: boolean;
}

export interface ClockView {
  readonly nowMs: number;
  /** RFC 3339 time of `nowMs`. */
  readonly now: string;
  readonly paused: boolean;
  readonly speed: 1 | 5 | 20 | 60;
  /** Virtual times that `rewind` accepts, oldest first. */
  readonly timeline: readonly { readonly atMs: number; readonly label: string }[];
}

export interface FileView {
  readonly path: string;
  readonly text: string;
  readonly revision: number;
  readonly readOnly: boolean;
}

/** A link of the chain that explains why an object is as it is, the nearest cause first. */
export interface WhyLink {
  readonly text: string;
  readonly about?: ObjectRef;
  readonly component?: string;
  readonly trace?: number;
}

export type CheckStatus = 'pass' | 'fail' | 'error' | 'skipped';
export interface CheckView {
  readonly id: string;
  readonly task: string;
  readonly title: string;
  readonly mode: 'goal' | 'guard' | 'milestone';
  readonly points: number;
  readonly max: number;
  readonly status: CheckStatus;
  readonly message?: string;
  readonly expected?: string;
  readonly actual?: string;
  /** The object, file line or trace step to look at. */
  readonly where?: string;
  readonly whereObject?: ObjectRef;
  readonly why?: readonly WhyLink[];
}
export interface GradeView {
  readonly attempt: number;
  readonly gradable: boolean;
  /** Why it could not be graded, with file, line and column when YAML is the reason. */
  readonly because?: string;
  readonly score: number;
  readonly max: number;
  readonly checks: readonly CheckView[];
  readonly milliseconds: number;
}
/** A live tick in the task list: cheap checks evaluated as the cluster changes; the grade decides. */
export interface TickView {
  readonly check: string;
  readonly status: CheckStatus;
  readonly message?: string;
}

export interface Problem {
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

export interface ApplyReply {
  /** One line per object as kubectl prints it: `deployment.apps/web created`. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
}

export type ErrorCode =
  | 'badMessage'
  | 'oldProtocol'
  | 'notSignedIn'
  | 'noSession'
  | 'tooLarge'
  | 'overBudget'
  | 'busy'
  | 'stale'
  | 'notFound'
  | 'invalid'
  | 'clusterLost'
  | 'storage'
  | 'internal';

export interface ServerError {
  readonly code: ErrorCode;
  /** What happened, why, and what to do; for the person. */
  readonly userMessage: string;
  readonly problems?: readonly Problem[];
}

export interface Welcome {
  readonly type: 'welcome';
  readonly protocol: number;
  readonly epoch: string;
  readonly seq: number;
  readonly session: string;
  readonly files: readonly FileView[];
  readonly terminals: readonly { readonly terminal: string; readonly scrollback: string }[];
  readonly hintsUsed: Readonly<Record<string, readonly string[]>>;
  readonly lastGrade?: GradeView;
  readonly canUndoReset: boolean;
  /** Other tabs of the same session. */
  readonly tabs: number;
}

export interface ClusterState {
  readonly objects: readonly ObjectView[];
  readonly components: readonly ComponentView[];
  readonly events: readonly EventView[];
  readonly trace: readonly TraceView[];
  readonly clock: ClockView;
  readonly ticks: readonly TickView[];
}

/** Every frame that carries `seq` is part of the resumable stream. */
export type StreamMessage =
  | Welcome
  | ({ readonly type: 'state'; readonly seq: number } & ClusterState)
  | {
      readonly type: 'delta';
      readonly seq: number;
      readonly changed?: readonly ObjectView[];
      readonly removed?: readonly ObjectRef[];
      readonly components?: readonly ComponentView[];
      readonly events?: readonly EventView[];
      readonly trace?: readonly TraceView[];
      readonly hops?: readonly HopView[];
      readonly clock?: ClockView;
      readonly ticks?: readonly TickView[];
    }
  | { readonly type: 'terminal'; readonly seq: number; readonly terminal: string; readonly data: string }
  | { readonly type: 'file'; readonly seq: number; readonly file: FileView }
  | { readonly type: 'fileRemoved'; readonly seq: number; readonly path: string }
  | { readonly type: 'grade'; readonly seq: number; readonly grade: GradeView }
  | { readonly type: 'notice'; readonly seq: number; readonly level: 'info' | 'warning' | 'error'; readonly text: string };

/** Beside the stream there are answers to single requests, and refusals. */
export type ServerMessage =
  | StreamMessage
  | { readonly type: 'reply'; readonly id: string; readonly ok: true; readonly result?: ReplyResult }
  | { readonly type: 'reply'; readonly id: string; readonly ok: false; readonly error: ServerError }
  | { readonly type: 'error'; readonly error: ServerError };

export type ReplyResult =
  | { readonly kind: 'apply'; readonly apply: ApplyReply }
  | { readonly kind: 'saved'; readonly revision: number; readonly savedAt: string }
  | { readonly kind: 'object'; readonly yaml: string }
  | { readonly kind: 'why'; readonly links: readonly WhyLink[]; readonly trace: readonly TraceView[] }
  | { readonly kind: 'hint'; readonly hints: readonly string[]; readonly remaining: number }
  | { readonly kind: 'grade'; readonly grade: GradeView }
  | { readonly kind: 'lever'; readonly text: string };
