import type { Pod } from '../kinds/core/pod.ts';
import type { ImageOnNode } from '../runtime/container-runtime.ts';
import type { Millis } from '../sim/simulation.ts';

/** Everything a kubelet remembers. It is lost when the process stops; what runs is found again in the runtime. */
export interface KubeletState {
  readonly pods: Map<string, PodWorker>;
  /** Uids by `namespace/name`. A name's newer pod waits until the older one is gone from the node. */
  readonly names: Map<string, string>;
  /** Uids of pods that read an object: `ConfigMap/namespace/name`. */
  readonly references: Map<string, string[]>;
  readonly pulls: PullJob[];
  readonly imageBackoffs: Map<string, ImageBackoff>;
  readonly allocated: Allocation;
  /** `protocol/port` → pod uid. */
  readonly hostPorts: Map<string, string>;
  /** Static pods by manifest path. */
  readonly manifests: Map<string, { readonly hash: string; readonly uid: string }>;
  registered: boolean;
  startedAtMs: Millis;
  /** Pods whose status the API did not take. */
  readonly unreported: Set<string>;
}

export interface Allocation {
  cpuMillis: number;
  memoryBytes: number;
  pods: number;
}

export interface PullJob {
  readonly uid: string;
  readonly container: string;
  readonly image: string;
  readonly requestedAtMs: Millis;
  startedAtMs: Millis | undefined;
  /** What the registry answered when the pull began. */
  found: ImageOnNode | undefined;
  refused: string | undefined;
}

export interface ImageBackoff {
  readonly delayMs: Millis;
  readonly setAtMs: Millis;
  readonly message: string;
}

/** What a pod is at on this node. */
export type Stage = 'active' | 'terminating' | 'finished';

/** What a worker is waiting for; it starts nothing else meanwhile. */
export type Busy =
  | { readonly kind: 'sandbox' }
  | { readonly kind: 'pull'; readonly container: string }
  | { readonly kind: 'start'; readonly container: string }
  | { readonly kind: 'post-start'; readonly container: string };

export interface PodWorker {
  readonly uid: string;
  /** `namespace/name`. */
  readonly key: string;
  /** The newest that is known; for a static pod what its manifest says. */
  pod: Pod;
  /** Path of the manifest of a static pod. */
  readonly manifest: string | undefined;
  /** The API's copy of a static pod. */
  mirror: Pod | undefined;
  readonly startedAtMs: Millis;
  stage: Stage;
  /** Why the pod ended without or before its containers. */
  failure: { readonly reason: string; readonly message: string } | undefined;
  sandboxId: string | undefined;
  sandboxAttempts: number;
  sandboxRetryMs: Millis;
  busy: Busy | undefined;
  /** Set once all volumes could be filled. */
  volumesReady: boolean;
  mountRetryMs: Millis;
  /** Sandbox and volumes are not tried again before. */
  notBeforeMs: Millis;
  readonly containers: Map<string, ContainerWorker>;
  readonly probes: Map<string, ProbeWorker>;
  termination: Termination | undefined;
  /** Newest finding by topic, so that the same is not said again. */
  readonly findings: Map<string, string>;
  readonly references: string[];
  readonly request: { readonly cpuMillis: number; readonly memoryBytes: number };
  isAdmitted: boolean;
}

export interface ContainerWorker {
  readonly name: string;
  readonly role: 'init' | 'sidecar' | 'main';
  /** The newest container; exited ones stay for their logs. */
  containerId: string | undefined;
  /** The one before, whose logs `--previous` shows. */
  previousId: string | undefined;
  restarts: number;
  waiting: { readonly reason: string; readonly message: string } | undefined;
  /** What failed to start is not tried again before. */
  notBeforeMs: Millis;
  backoffMs: Millis;
  backoffSetMs: Millis;
  isStarted: boolean;
  isReady: boolean;
  stopping: Stopping | undefined;
}

/** A container on its way out. */
export interface Stopping {
  readonly phase: 'pre-stop' | 'term';
  readonly graceMs: Millis;
}

export interface Termination {
  readonly graceSeconds: number;
  readonly startedAtMs: Millis;
  /** The pod's object goes too (deletion), or stays (deadline, eviction). */
  readonly removes: boolean;
}

export interface ProbeWorker {
  readonly container: string;
  readonly kind: 'startup' | 'liveness' | 'readiness';
  readonly anchorMs: Millis;
  last: 'success' | 'failure' | undefined;
  /** How often `last` came in a row. */
  run: number;
  result: 'success' | 'failure' | undefined;
}

export function kubeletState(): KubeletState {
  return {
    pods: new Map(),
    names: new Map(),
    references: new Map(),
    pulls: [],
    imageBackoffs: new Map(),
    allocated: { cpuMillis: 0, memoryBytes: 0, pods: 0 },
    hostPorts: new Map(),
    manifests: new Map(),
    registered: false,
    startedAtMs: 0,
    unreported: new Set(),
  };
}
