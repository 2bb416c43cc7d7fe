import { type ClassValue, clsx } from 'clsx';

/** Joins class names; what is falsy is left out. */
export function classNames(...values: ClassValue[]): string {
  return clsx(values);
}
