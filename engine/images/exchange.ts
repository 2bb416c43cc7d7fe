import type { Millis } from '../sim/simulation.ts';

/** What clients and programs say to each other over the network. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly port: number;
  /** Where the packet seems to come from. */
  readonly clientAddress: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Until when an equal request would get an equal answer, if nothing changes in the container; for ever when absent. */
  readonly stableUntilMs?: Millis;
  /** How long the answer takes; counts against the client's timeout. */
  readonly tookMs?: Millis;
}

/** Bytes sent on a TCP connection. Empty data is a bare connect. */
export interface TcpRequest {
  readonly port: number;
  readonly data: string;
  readonly clientAddress: string;
}

export type DnsType = 'A' | 'AAAA' | 'CNAME' | 'SRV' | 'PTR';

export interface DnsQuestion {
  /** Fully qualified, without the trailing dot. */
  readonly name: string;
  readonly type: DnsType;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: DnsType;
  readonly ttlSeconds: number;
  /** An address, a target name, or `priority weight port target` of SRV. */
  readonly value: string;
}

export interface DnsAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED';
  readonly records: readonly DnsRecord[];
}

/** What is sent once a packet has found a listener. */
export type Exchange =
  | {
      readonly kind: 'http';
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly tls?: boolean;
    }
  | { readonly kind: 'tcp'; readonly data: string }
  | { readonly kind: 'dns'; readonly question: DnsQuestion };

/** Why nothing came back. Clients turn it into their own words. */
export type ConnectFailure =
  /** The name has no address. */
  | 'unknown-host'
  /** The host answered that nobody listens, or a proxy rule rejects. */
  | 'refused'
  /** Packets vanish: host down, no route, blocked. */
  | 'timeout'
  /** No route to the address. */
  | 'unreachable'
  /** Connected, but what listens does not speak this protocol or closed the connection. */
  | 'reset';

export type Outcome =
  | { readonly kind: 'http'; readonly response: HttpResponse }
  | { readonly kind: 'tcp'; readonly data: string; readonly stableUntilMs?: Millis }
  | { readonly kind: 'dns'; readonly answer: DnsAnswer }
  | { readonly kind: 'failed'; readonly failure: ConnectFailure };
