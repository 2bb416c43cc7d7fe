import { describeFieldError, type FieldError } from './field-error.ts';

/** The body of every refusal of the API. Kubernetes: meta/v1 Status. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field?: string }[];
  readonly retryAfterSeconds?: number;
}

const codes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const;
export type StatusReason = keyof typeof codes;

/** Which kind a failure is about, for its words: `deployments.apps "web" not found`. */
export interface ResourceName {
  readonly group: string;
  readonly resource: string;
}

/** A refusal of the API with Kubernetes' exact words. Learners see it through kubectl. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly reason: StatusReason;
  readonly code: number;
  readonly details: StatusDetails | undefined;

  constructor(reason: StatusReason, message: string, details?: StatusDetails) {
    super(message);
    this.reason = reason;
    this.code = codes[reason];
    this.details = details;
  }

  toStatus(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details && { details: this.details }),
      code: this.code,
    };
  }
}

/** Nobody listens at the API server's address. Not a Status: the client never got an answer. */
export class ConnectionRefused extends Error {
  override readonly name = 'ConnectionRefused';
}

export function qualified({ group, resource }: ResourceName): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function about({ group, resource }: ResourceName, name: string): StatusDetails {
  return { name, ...(group !== '' && { group }), kind: resource };
}

export function notFound(resource: ResourceName, name: string): ApiError {
  return new ApiError('NotFound', `${qualified(resource)} "${name}" not found`, about(resource, name));
}

export function alreadyExists(resource: ResourceName, name: string): ApiError {
  return new ApiError('AlreadyExists', `${qualified(resource)} "${name}" already exists`, about(resource, name));
}

export function conflict(resource: ResourceName, name: string, because: string): ApiError {
  return new ApiError('Conflict', `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${because}`, about(resource, name));
}

export const optimisticLockMessage = 'the object has been modified; please apply your changes to the latest version and try again';

export function forbiddenRequest(resource: ResourceName, name: string, because: string): ApiError {
  const subject = name === '' ? `${qualified(resource)} is forbidden` : `${qualified(resource)} "${name}" is forbidden`;
  return new ApiError('Forbidden', `${subject}: ${because}`, about(resource, name));
}

export function badRequest(message: string): ApiError {
  return new ApiError('BadRequest', message);
}

/** `Deployment.apps "web" is invalid: spec.replicas: Invalid value: …`; several errors are listed in brackets. */
export function invalidObject(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): ApiError {
  const subject = `${kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`} "${name}" is invalid`;
  const texts = [...new Set(errors.map(describeFieldError))];
  const listed = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new ApiError('Invalid', `${subject}: ${listed}`, {
    name,
    ...(kind.group !== '' && { group: kind.group }),
    kind: kind.kind,
    causes: errors.map((error) => ({ reason: causeReasons[error.type], message: error.body, field: error.field })),
  });
}

const causeReasons: Readonly<Record<FieldError['type'], string>> = {
  Required: 'FieldValueRequired',
  Invalid: 'FieldValueInvalid',
  NotSupported: 'FieldValueNotSupported',
  Forbidden: 'FieldValueForbidden',
  Duplicate: 'FieldValueDuplicate',
  NotFound: 'FieldValueNotFound',
  TooLong: 'FieldValueTooLong',
};

export function isApiError(error: unknown, reason?: StatusReason): error is ApiError {
  return error instanceof ApiError && (reason === undefined || error.reason === reason);
}
