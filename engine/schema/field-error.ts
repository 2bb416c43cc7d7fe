/** One thing that is wrong with one field. Kubernetes: apimachinery/pkg/util/validation/field (1.36). */
export interface FieldError {
  readonly type: 'Required' | 'Invalid' | 'NotSupported' | 'Forbidden' | 'Duplicate' | 'NotFound' | 'TooLong';
  readonly field: string;
  /** The text after the path: `Required value: name is required`. */
  readonly body: string;
}

/** How a failure's value is shown: strings quoted, objects as JSON. */
function show(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  return JSON.stringify(value);
}

export function required(field: string, detail = ''): FieldError {
  return { type: 'Required', field, body: withDetail('Required value', detail) };
}

export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { type: 'Invalid', field, body: withDetail(`Invalid value: ${show(value)}`, detail) };
}

export function notSupported(field: string, value: unknown, valid: readonly string[]): FieldError {
  const choices = valid.map((choice) => JSON.stringify(choice)).join(', ');
  return {
    type: 'NotSupported',
    field,
    body: `Unsupported value: ${show(value)}${valid.length > 0 ? `: supported values: ${choices}` : ''}`,
  };
}

export function forbidden(field: string, detail: string): FieldError {
  return { type: 'Forbidden', field, body: withDetail('Forbidden', detail) };
}

export function duplicate(field: string, value: unknown): FieldError {
  return { type: 'Duplicate', field, body: `Duplicate value: ${show(value)}` };
}

export function notFoundField(field: string, value: unknown): FieldError {
  return { type: 'NotFound', field, body: `Not found: ${show(value)}` };
}

export function tooLong(field: string, maxBytes: number): FieldError {
  return { type: 'TooLong', field, body: `Too long: may not be more than ${maxBytes} bytes` };
}

/** The error of a field that may never change. */
export function immutable(field: string, value: unknown): FieldError {
  return invalid(field, value, 'field is immutable');
}

export function describeFieldError(error: FieldError): string {
  return `${error.field}: ${error.body}`;
}

function withDetail(text: string, detail: string): string {
  return detail === '' ? text : `${text}: ${detail}`;
}
