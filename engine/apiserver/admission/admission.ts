import type { ApiObject, KindDefinition } from '../../kinds/define-kind.ts';
import type { Mutable } from '../../sim/plain.ts';
import type { ApiRequest } from '../request.ts';

/** What an admission plugin may look at. */
export interface AdmissionContext {
  readonly request: ApiRequest;
  find<T extends ApiObject>(kind: KindDefinition<T>, namespace: string, name: string): T | undefined;
}

/**
 * An admission plugin: one file, one value, listed in `registry.ts`. Refusals are thrown `ApiError`s.
 * `mutate` may change the draft of a create or update; `validate` sees the object as it would be stored.
 */
export interface AdmissionPlugin {
  /** Kubernetes' name: `NamespaceLifecycle`. */
  readonly name: string;
  mutate?(context: AdmissionContext, draft: Mutable<ApiObject>, old: ApiObject | undefined): void;
  /** `object` is absent for deletes. */
  validate?(context: AdmissionContext, object: ApiObject | undefined, old: ApiObject | undefined): void;
}
