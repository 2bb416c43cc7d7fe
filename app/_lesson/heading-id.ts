import { isValidElement, type ReactNode } from 'react';

/** The words of rendered text, without its markup. */
export function plainText(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(plainText).join('');
  if (isValidElement<{ children?: ReactNode }>(node)) return plainText(node.props.children);
  return '';
}

/** The anchor of a heading: `Only the API server talks to etcd` → `only-the-api-server-talks-to-etcd`. */
export function headingId(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

export interface OutlineEntry {
  readonly id: string;
  readonly text: string;
}

/** The second-level headings of a lesson, read off its source. */
export function outlineOf(source: string): readonly OutlineEntry[] {
  const withoutCode = source.replace(/^```[\s\S]*?^```/gm, '');
  return [...withoutCode.matchAll(/^## +(.+)$/gm)].map(([, heading = '']) => {
    const text = heading.replace(/[`*_]/g, '').trim();
    return { id: headingId(text), text };
  });
}
