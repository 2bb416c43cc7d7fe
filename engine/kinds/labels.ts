import { type FieldError, invalid, required, tooLong } from '../schema/field-error.ts';
import type { V1LabelSelector, V1LabelSelectorRequirement } from '../schema/generated/models.ts';
import { dns1123Subdomain } from './define-kind.ts';

/** Kubernetes: apimachinery/pkg/util/validation and apis/meta/v1/validation (1.36). */
const namePattern = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const valuePattern = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

export type Labels = Readonly<Record<string, string>>;

const goodKeys = new Set<string>();
const goodValues = new Set<string>();

/** Texts of what is wrong with a label or annotation key. */
export function qualifiedNameProblems(key: string): readonly string[] {
  if (goodKeys.has(key)) return [];
  const wrong = findKeyProblems(key);
  if (wrong.length === 0 && goodKeys.size < 5000) goodKeys.add(key);
  return wrong;
}

function findKeyProblems(key: string): readonly string[] {
  const parts = key.split('/');
  const wrong: string[] = [];
  if (parts.length > 2) {
    return [
      `a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1) as string;
  if (parts.length === 2) {
    if (parts[0] === '') wrong.push('prefix part must be non-empty');
    else for (const problem of dns1123Subdomain(parts[0] as string)) wrong.push(`prefix part ${problem}`);
  }
  if (name === '') wrong.push('name part must be non-empty');
  else if (name.length > 63) wrong.push('name part must be no more than 63 bytes');
  if (!namePattern.test(name)) {
    wrong.push(
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    );
  }
  return wrong;
}

/** Texts of what is wrong with a label value. */
export function labelValueProblems(value: string): readonly string[] {
  if (goodValues.has(value)) return [];
  const wrong: string[] = [];
  if (value.length > 63) wrong.push('must be no more than 63 bytes');
  if (!valuePattern.test(value)) {
    wrong.push(
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    );
  }
  if (wrong.length === 0 && goodValues.size < 5000) goodValues.add(value);
  return wrong;
}

export function validateLabels(labels: Labels | undefined, field: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const key in labels) {
    for (const problem of qualifiedNameProblems(key)) errors.push(invalid(field, key, problem));
    for (const problem of labelValueProblems(labels[key] as string)) errors.push(invalid(field, labels[key], problem));
  }
  return errors;
}

export function validateAnnotations(annotations: Labels | undefined, field: string): FieldError[] {
  const errors: FieldError[] = [];
  let total = 0;
  for (const key in annotations) {
    for (const problem of qualifiedNameProblems(key.toLowerCase())) errors.push(invalid(field, key, problem));
    total += key.length + (annotations[key] as string).length;
  }
  if (total > 262_144) errors.push(tooLong(field, 262_144));
  return errors;
}

/** Whether labels match a selector. An absent selector matches nothing, an empty one everything. */
export function matchesSelector(selector: V1LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false;
  if (!matchesLabels(selector.matchLabels, labels)) return false;
  for (const requirement of selector.matchExpressions ?? []) if (!matchesRequirement(requirement, labels)) return false;
  return true;
}

/** Whether every wanted label is there with its value. */
export function matchesLabels(wanted: Labels | undefined, labels: Labels | undefined): boolean {
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false;
  return true;
}

function matchesRequirement({ key, operator, values = [] }: V1LabelSelectorRequirement, labels: Labels | undefined): boolean {
  const value = labels?.[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** The text form of a selector: `app=web,tier in (a,b)`. */
export function formatSelector(selector: V1LabelSelector | undefined): string {
  if (!selector) return '<none>';
  const parts = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
    else parts.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`);
  }
  return parts.length === 0 ? '<none>' : parts.sort().join(',');
}

export function formatLabels(labels: Labels | undefined): string {
  const parts = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return parts.length === 0 ? '<none>' : parts.sort().join(',');
}

export function validateLabelSelector(selector: V1LabelSelector | undefined, field: string): FieldError[] {
  if (!selector) return [];
  const errors = validateLabels(selector.matchLabels, `${field}.matchLabels`);
  (selector.matchExpressions ?? []).forEach((requirement, index) => {
    const at = `${field}.matchExpressions[${index}]`;
    const values = requirement.values ?? [];
    switch (requirement.operator) {
      case 'In':
      case 'NotIn':
        if (values.length === 0) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
        break;
      case 'Exists':
      case 'DoesNotExist':
        if (values.length > 0)
          errors.push({
            type: 'Forbidden',
            field: `${at}.values`,
            body: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
          });
        break;
      default:
        errors.push(invalid(`${at}.operator`, requirement.operator, 'not a valid selector operator'));
    }
    for (const problem of qualifiedNameProblems(requirement.key)) errors.push(invalid(`${at}.key`, requirement.key, problem));
  });
  return errors;
}
