export type Theme = 'system' | 'light' | 'dark';

export const themeCookie = 'kube40-theme';

export function parseTheme(value: string | undefined): Theme {
  return value === 'light' || value === 'dark' ? value : 'system';
}
