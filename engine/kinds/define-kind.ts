import type { FieldError } from '../schema/field-error.ts';
import type { V1ObjectMeta } from '../schema/generated/models.ts';
import type { Mutable } from '../sim/plain.ts';
import type { Millis } from '../sim/simulation.ts';

/** What every stored API object has. `metadata` of a stored object holds name, uid, resourceVersion and creationTimestamp. */
export interface ApiObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: V1ObjectMeta;
}

/** What a printer column may use besides the object. */
export interface ColumnContext {
  readonly now: Millis;
}

/** A column of `kubectl get`. Kubernetes: pkg/printers/internalversion/printers.go. */
export interface Column<T> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly format?: string;
  /** 0 is always shown, 1 with `-o wide`. */
  readonly priority: 0 | 1;
  value(object: T, context: ColumnContext): string | number;
}

/** What a strategy hook may use besides the objects. */
export interface StrategyContext {
  readonly now: Millis;
  /** RFC 3339 with seconds. */
  readonly timestamp: string;
}

/**
 * An API kind: a declaration that the API server, the clients, kubectl and the editor read. One file per kind; `kinds/registry.ts` lists them.
 * Hooks are pure. `defaults` and `prepare…` change the draft that they are handed; validations return field errors with upstream's words.
 */
export interface KindDefinition<T extends ApiObject> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** The generated type that describes its fields: a key of `definitions` in schema/generated/models.json. */
  readonly model: string;
  /** First part of its etcd keys: `/registry/pods`. */
  readonly storagePrefix: string;
  /** Subresources beside the object itself. `status` isolates status writes from spec writes. */
  readonly subresources: readonly string[];
  /** The top-level fields whose change raises `metadata.generation`; empty for kinds without generation. */
  readonly generationFields: readonly string[];
  /** Field selectors besides `metadata.name` and `metadata.namespace`. */
  readonly fieldSelectors: Readonly<Record<string, (object: T) => string>>;
  /** How long an object lives without being renewed, for Events; 0 is for ever. */
  readonly ttlMs: Millis;
  /** Whether writes are steps of cause and effect. Events and Leases tell of others' steps; tracing them would bury the story. */
  readonly isTraced: boolean;
  readonly columns: readonly Column<T>[];
  /** Rules of metadata.name; the default is an RFC 1123 subdomain. Returns the texts of what is wrong. */
  validateName(name: string): readonly string[];
  defaults(draft: Mutable<T>): void;
  prepareForCreate(draft: Mutable<T>, context: StrategyContext): void;
  prepareForUpdate(draft: Mutable<T>, old: T, context: StrategyContext): void;
  validate(object: T): readonly FieldError[];
  validateUpdate(next: T, old: T): readonly FieldError[];
  validateStatusUpdate(next: T, old: T): readonly FieldError[];
  /** Warnings for the `Warning` header, e.g. deprecations. */
  warnings(object: T): readonly string[];
  /** The scale subresource, when the kind has one. */
  readonly scale: ScalePaths<T> | undefined;
}

/** How the `scale` subresource reads and writes a kind. */
export interface ScalePaths<T> {
  replicas(object: T): number;
  statusReplicas(object: T): number;
  /** The selector in the text form that `Scale.status.selector` has. */
  selector(object: T): string;
  setReplicas(draft: Mutable<T>, replicas: number): void;
}

type Optional<T extends ApiObject> = Omit<KindDefinition<T>, 'group' | 'version' | 'kind' | 'plural' | 'namespaced' | 'model' | 'columns'>;
type KindInput<T extends ApiObject> = Pick<
  KindDefinition<T>,
  'group' | 'version' | 'kind' | 'plural' | 'namespaced' | 'model' | 'columns'
> &
  Partial<Optional<T>>;

/** Completes a declaration with the defaults that most kinds share. */
export function defineKind<T extends ApiObject>(input: KindInput<T>): KindDefinition<T> {
  return {
    singular: input.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    storagePrefix: `/registry/${input.plural}`,
    subresources: [],
    generationFields: [],
    fieldSelectors: {},
    ttlMs: 0,
    isTraced: true,
    scale: undefined,
    validateName: dns1123Subdomain,
    defaults() {},
    prepareForCreate() {},
    prepareForUpdate() {},
    validate: () => [],
    validateUpdate: () => [],
    validateStatusUpdate: () => [],
    warnings: () => [],
    ...input,
  };
}

/** A kind of which only the general facts matter: registries and shared code hold these. */
// biome-ignore lint/suspicious/noExplicitAny: hooks take their own kind, so a list of kinds is invariant without it.
export type AnyKind = KindDefinition<any>;

export function apiVersionOf(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainPattern = new RegExp(`^${label}(\\.${label})*$`);
const labelPattern = new RegExp(`^${label}$`);
const label1035Pattern = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Kubernetes: apimachinery/pkg/util/validation IsDNS1123Subdomain. */
export function dns1123Subdomain(name: string): readonly string[] {
  const wrong: string[] = [];
  if (name.length > 253) wrong.push('must be no more than 253 bytes');
  if (!subdomainPattern.test(name)) {
    wrong.push(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    );
  }
  return wrong;
}

/** Kubernetes: apimachinery/pkg/util/validation IsDNS1123Label. */
export function dns1123Label(name: string): readonly string[] {
  const wrong: string[] = [];
  if (name.length > 63) wrong.push('must be no more than 63 bytes');
  if (!labelPattern.test(name)) {
    wrong.push(
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    );
  }
  return wrong;
}

/** Kubernetes: apimachinery/pkg/util/validation IsDNS1035Label. */
export function dns1035Label(name: string): readonly string[] {
  const wrong: string[] = [];
  if (name.length > 63) wrong.push('must be no more than 63 bytes');
  if (!label1035Pattern.test(name)) {
    wrong.push(
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    );
  }
  return wrong;
}

/** A column shown always. */
export function column<T>(
  name: string,
  value: (object: T, context: ColumnContext) => string | number,
  type: Column<T>['type'] = 'string',
): Column<T> {
  return { name, type, priority: 0, value };
}

/** A column shown with `-o wide`. */
export function wideColumn<T>(name: string, value: (object: T, context: ColumnContext) => string | number): Column<T> {
  return { name, type: 'string', priority: 1, value };
}

/** The NAME column; kubectl fills namespaces and kinds in itself. */
export function nameColumn<T extends ApiObject>(): Column<T> {
  return { name: 'Name', type: 'string', format: 'name', priority: 0, value: (object) => object.metadata?.name ?? '' };
}
