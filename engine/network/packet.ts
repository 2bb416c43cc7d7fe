import type { Exchange, Outcome } from '../images/exchange.ts';

/** Where a connection starts. `outside` is a client host beyond the cluster that can reach the nodes' addresses. */
export type Source =
  | { readonly kind: 'outside' }
  | { readonly kind: 'node'; readonly node: string }
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string };

/** One step of a packet's way. `at` is a place (`node-1 kube-proxy`, `coredns`, `web-7d4-x2`), `does` what happened there. */
export interface Hop {
  readonly at: string;
  readonly does: string;
}

/** A request as a person or a grader makes it. */
export interface PacketRequest {
  readonly from: Source;
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
  readonly exchange: Exchange;
  /** Leave the hops out; for load. */
  readonly withoutHops?: boolean;
}

export interface PacketResult {
  readonly outcome: Outcome;
  readonly hops: readonly Hop[];
  /** The address and node that answered. */
  readonly answeredBy: Answerer | undefined;
}

export interface Answerer {
  readonly node: string;
  readonly address: string;
  readonly port: number;
  /** `namespace/name` of the pod, when a pod answered. */
  readonly pod: string | undefined;
}

/** A URL taken apart, for callers that have one text. */
export interface Target {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** `undefined` when the text is no http(s) URL. A missing scheme means http, as curl has it. */
export function parseUrl(text: string): Target | undefined {
  const parts = /^(?:(https?):\/\/)?(\[[0-9a-fA-F:]+\]|[^/:?#]+)(?::(\d+))?([/?][^#]*)?$/.exec(text);
  if (!parts) return undefined;
  const scheme = parts[1] === 'https' ? 'https' : 'http';
  const path = parts[4] ?? '/';
  return {
    scheme,
    host: parts[2] as string,
    port: parts[3] === undefined ? (scheme === 'https' ? 443 : 80) : Number(parts[3]),
    path: path.startsWith('?') ? `/${path}` : path,
  };
}
