import type { DnsAnswer, DnsQuestion } from '../images/exchange.ts';
import type { DeviceContext } from '../sim/device.ts';
import { isAddress } from './address.ts';
import type { NetworkState } from './network-state.ts';
import type { Hop } from './packet.ts';
import type { Origin, PacketPath } from './packet-path.ts';

const maxAliases = 8;

/** What the C library does before a connection: /etc/hosts, search path, name server. */
export class Resolver {
  readonly #device: DeviceContext<NetworkState>;
  readonly #path: PacketPath;

  constructor(device: DeviceContext<NetworkState>, path: PacketPath) {
    this.#device = device;
    this.#path = path;
  }

  /** Addresses of a name, tried with the search path as `ndots` says; `undefined` when nobody knows it. */
  lookup(origin: Origin, host: string, hops: Hop[] | undefined): readonly string[] | undefined {
    if (isAddress(host)) return [host];
    if (host === 'localhost') return ['127.0.0.1'];
    const { state } = this.#device;
    const nodeAddress = state.nodes.get(host)?.address;
    const config = state.resolvers.get(origin.address);
    const fromHosts = config?.hosts[host];
    if (fromHosts !== undefined) return [fromHosts];
    if (config) {
      for (const name of candidates(host, config.search, config.ndots)) {
        const addresses = this.#addresses(origin, name, hops);
        if (addresses === 'no answer') return undefined;
        if (addresses.length > 0) return addresses;
      }
    }
    if (nodeAddress !== undefined) return [nodeAddress];
    hops?.push({ at: origin.at, does: config ? `no such name: ${host}` : `no name server knows ${host}` });
    return undefined;
  }

  /** One question to the first name server of the origin. */
  query(origin: Origin, question: DnsQuestion, hops: Hop[] | undefined): DnsAnswer | undefined {
    const server = this.#device.state.resolvers.get(origin.address)?.nameservers[0];
    if (server === undefined) return undefined;
    const { outcome } = this.#path.send(origin, { address: server, port: 53, protocol: 'UDP', exchange: { kind: 'dns', question } }, hops);
    return outcome.kind === 'dns' ? outcome.answer : undefined;
  }

  #addresses(origin: Origin, name: string, hops: Hop[] | undefined): readonly string[] | 'no answer' {
    const answer = this.query(origin, { name, type: 'A' }, hops);
    if (!answer) {
      hops?.push({ at: origin.at, does: `asks for ${name}; no name server answers` });
      return 'no answer';
    }
    hops?.push({
      at: origin.at,
      does: `resolves ${name}: ${answer.rcode === 'NOERROR' ? answer.records.map(({ value }) => value).join(', ') : answer.rcode}`,
    });
    let wanted = name;
    for (let i = 0; i < maxAliases; i++) {
      const alias = answer.records.find((record) => record.type === 'CNAME' && record.name === wanted);
      if (!alias) break;
      wanted = alias.value;
    }
    return answer.records.filter((record) => record.type === 'A' && record.name === wanted).map(({ value }) => value);
  }
}

/** Full names to try, in order. Fewer dots than `ndots`: the search path first. A trailing dot: as it is. */
export function candidates(host: string, search: readonly string[], ndots: number): readonly string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)];
  const searched = search.map((domain) => `${host}.${domain}`);
  const dots = host.split('.').length - 1;
  return dots >= ndots ? [host, ...searched] : [...searched, host];
}
