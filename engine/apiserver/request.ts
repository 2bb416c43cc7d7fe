import type { AnyKind, ApiObject } from '../kinds/define-kind.ts';

/** The parts of a delete call that callers set. Kubernetes: meta/v1 DeleteOptions. */
export interface RemoveOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export type PatchType = 'merge' | 'strategic' | 'json';

/** Who asks. Kubernetes: authentication/user.Info. */
export interface UserInfo {
  readonly name: string;
  readonly groups: readonly string[];
}

export type Verb = 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** Query parameters and body options of a request. */
export interface RequestOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  /** What to do with unknown fields. The API's own default is `Warn`; kubectl and the engine's components ask for `Strict`. */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly patchType?: PatchType;
  readonly remove?: RemoveOptions;
  readonly log?: LogOptions;
}

/** What part of a container's log is wanted. Kubernetes: core/v1 PodLogOptions. */
export interface LogOptions {
  readonly container?: string;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number;
}

/** A request after routing: the form in which every client's request enters the pipeline. */
export interface ApiRequest {
  readonly verb: Verb;
  readonly kind: AnyKind;
  readonly subresource?: string;
  /** Empty for cluster-scoped kinds and for "all namespaces". */
  readonly namespace: string;
  readonly name: string;
  readonly body?: unknown;
  readonly options: RequestOptions;
  readonly user: UserInfo;
  /** The component or person for the trace; the user's name when absent. */
  readonly actor?: string;
}

/** A list as the API answers it. */
export interface ObjectList extends ApiObject {
  readonly items: readonly ApiObject[];
}

export interface ApiResponse {
  readonly code: number;
  /** An object, a list, a Status, or text for logs. */
  readonly body: unknown;
  readonly warnings: readonly string[];
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
