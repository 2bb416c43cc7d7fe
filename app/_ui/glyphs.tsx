import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** The components of a cluster as the whole course draws them. 24 × 24, one stroke weight, current colour. */
const drawings: Record<string, ReactNode> = {
  // A hub with six doors: everybody's only way in.
  'kube-apiserver': (
    <>
      <path d="M12 3.2l7.6 4.4v8.8L12 20.8l-7.6-4.4V7.6z" />
      <circle cx="12" cy="12" r="2.6" fill="currentColor" stroke="none" />
      <path d="M12 3.2v4M19.6 7.6l-3.5 2M19.6 16.4l-3.5-2M12 20.8v-4M4.4 16.4l3.5-2M4.4 7.6l3.5 2" />
    </>
  ),
  // A log of revisions, the newest written last.
  etcd: (
    <>
      <ellipse cx="12" cy="5.6" rx="7" ry="2.6" />
      <path d="M5 5.6v12.8C5 19.8 8.1 21 12 21s7-1.2 7-2.6V5.6" />
      <path d="M5 10c0 1.4 3.1 2.6 7 2.6s7-1.2 7-2.6M5 14.3c0 1.4 3.1 2.6 7 2.6s7-1.2 7-2.6" />
    </>
  ),
  // A pod that looks for its slot.
  'kube-scheduler': (
    <>
      <path d="M4 15.5h4.6v5H4zM9.9 15.5h4.2v5H9.9zM15.4 15.5H20v5h-4.6z" />
      <circle cx="12" cy="5" r="2.1" fill="currentColor" stroke="none" />
      <path d="M12 7.8v4.8M9.8 10.6l2.2 2.2 2.2-2.2" />
    </>
  ),
  // A loop that never ends: desired against actual.
  'kube-controller-manager': (
    <>
      <path d="M19.4 10.2A7.6 7.6 0 0 0 5.6 8M4.6 13.8A7.6 7.6 0 0 0 18.4 16" />
      <path d="M5.2 3.9v4.3h4.3M18.8 20.1v-4.3h-4.3" />
      <path d="M10.2 11h3.6M10.2 13.4h3.6" />
    </>
  ),
  'cloud-controller-manager': (
    <>
      <path d="M7.2 15.4a4 4 0 0 1-.3-8A5.2 5.2 0 0 1 16.8 8a3.8 3.8 0 0 1 .3 7.4" />
      <path d="M12 11.2v8.6M9.4 17.2l2.6 2.6 2.6-2.6M9.6 13.4L12 11l2.4 2.4" />
    </>
  ),
  // The agent on the node: a helm on a deck.
  kubelet: (
    <>
      <circle cx="12" cy="10" r="5.2" />
      <circle cx="12" cy="10" r="1.3" fill="currentColor" stroke="none" />
      <path d="M12 2.6v4.6M12 12.8v4.6M4.6 10h4.6M14.8 10h4.6M6.8 4.8l1.6 1.6M15.6 13.6l1.6 1.6M17.2 4.8l-1.6 1.6M8.4 13.6l-1.6 1.6M3.5 21h17" />
    </>
  ),
  // Boxes that run.
  containerd: (
    <>
      <path d="M3.8 8l8.2-4.4L20.2 8v8L12 20.4 3.8 16z" />
      <path d="M3.8 8l8.2 4.4L20.2 8M12 12.4v8" />
    </>
  ),
  // One way in, many ways out.
  'kube-proxy': (
    <>
      <circle cx="5" cy="12" r="1.9" />
      <path d="M6.9 12h4.3M11.2 12l5.6-6M11.2 12h5.6M11.2 12l5.6 6" />
      <circle cx="18.7" cy="5.2" r="1.9" />
      <circle cx="18.9" cy="12" r="1.9" />
      <circle cx="18.7" cy="18.8" r="1.9" />
    </>
  ),
  // A name that becomes an address.
  coredns: (
    <>
      <path d="M4 5h16v6H4zM4 14.5h16v5H4z" />
      <path d="M7 8h5M7 17h3M15.5 8h1.5M14 17h3" />
    </>
  ),
  node: (
    <>
      <path d="M3.5 4.5h17v11h-17zM8.5 20h7M12 15.5V20" />
    </>
  ),
  service: (
    <>
      <path d="M12 3.5v5M12 8.5H5.5V14M12 8.5h6.5V14M12 8.5V14" />
      <path d="M3.5 14h4v5h-4zM10 14h4v5h-4zM16.5 14h4v5h-4z" />
    </>
  ),
  person: (
    <>
      <circle cx="12" cy="8" r="3.8" />
      <path d="M4.8 20.4c.8-4 3.6-6 7.2-6s6.4 2 7.2 6" />
    </>
  ),
};

const fullNames: Record<string, string> = {
  'kube-apiserver': 'API server',
  etcd: 'etcd',
  'kube-scheduler': 'Scheduler',
  'kube-controller-manager': 'Controller manager',
  'cloud-controller-manager': 'Cloud controller manager',
  kubelet: 'kubelet',
  containerd: 'Container runtime',
  'kube-proxy': 'kube-proxy',
  coredns: 'CoreDNS',
};

/** `kube-apiserver` → `API server`. A name that is no component's stays as it is. */
export function componentName(name: string): string {
  return fullNames[name] ?? name;
}

/** Controllers of the controller manager act under their own names; people act as persons. */
export function glyphOf(actor: string): string {
  if (actor in drawings) return actor;
  if (actor.endsWith('-controller') || actor.endsWith('controller-manager')) return 'kube-controller-manager';
  const known = Object.keys(drawings).find((name) => actor.startsWith(name));
  return known ?? 'person';
}

interface GlyphProps {
  readonly name: string;
  readonly className?: string;
}

/** Decorative: the component's name always stands beside it. */
export function Glyph({ name, className }: GlyphProps) {
  return (
    <svg
      viewBox="0 0 24 24"
      className={classNames('size-5 shrink-0', className)}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawings[glyphOf(name)]}
    </svg>
  );
}
