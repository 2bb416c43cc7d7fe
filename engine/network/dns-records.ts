import type { DnsAnswer, DnsQuestion, DnsRecord } from '../images/exchange.ts';
import type { Service } from '../kinds/core/service.ts';
import type { EndpointSlice } from '../kinds/discovery/endpoint-slice.ts';

/** What answers are made from. */
export interface RecordSources {
  service(key: string): Service | undefined;
  slices(key: string): readonly EndpointSlice[];
  /** A number below `count`: which of several addresses comes first (`loadbalance`). */
  turn(count: number): number;
}

const ttlSeconds = 30;
const longestAliasChain = 8;
const unknown: DnsAnswer = Object.freeze({ rcode: 'NXDOMAIN', records: [] });

/**
 * `web.shop.svc.cluster.local` and what else the cluster's zone holds; other names belong to the internet, which is not simulated.
 * Kubernetes: the DNS specification, version 1.1.0.
 */
export function answerQuestion(question: DnsQuestion, domain: string, sources: RecordSources, aliasesLeft = longestAliasChain): DnsAnswer {
  const name = question.name.toLowerCase();
  if (!name.endsWith(`.${domain}`)) return unknown;
  const labels = name.slice(0, -domain.length - 1).split('.');
  const [zone, namespace, service] = [labels.at(-1), labels.at(-2), labels.at(-3)];
  if (zone === 'pod' && labels.length === 3) return podAnswer(name, labels[0] as string);
  if (zone !== 'svc') return unknown;
  // Only a namespace's existence makes its own name exist; that is not followed.
  if (namespace === undefined || service === undefined) return { rcode: 'NOERROR', records: [] };
  const key = `${namespace}/${service}`;
  const object = sources.service(key);
  if (!object) return unknown;
  const rest = labels.slice(0, -3);
  if (object.spec?.type === 'ExternalName') {
    if (rest.length > 0) return unknown;
    const target = (object.spec.externalName ?? '').replace(/\.$/, '').toLowerCase();
    const alias: DnsRecord = { name, type: 'CNAME', ttlSeconds, value: target };
    if (question.type === 'CNAME' || aliasesLeft === 0) return answered([alias]);
    return answered([alias, ...answerQuestion({ ...question, name: target }, domain, sources, aliasesLeft - 1).records]);
  }
  if (rest.length === 2 && rest[0]?.startsWith('_') && rest[1]?.startsWith('_'))
    return serviceRecords(name, object, sources, {
      port: rest[0].slice(1),
      protocol: rest[1].slice(1).toUpperCase(),
      suffix: `${service}.${namespace}.svc.${domain}`,
    });
  const isHeadless = object.spec?.clusterIP === 'None';
  if (rest.length === 0) {
    if (!isHeadless) return typed(question, [object.spec?.clusterIP ?? ''], name);
    const addresses = endpointsOf(key, sources).map(({ address }) => address);
    return addresses.length === 0 ? unknown : typed(question, rotate(addresses, sources.turn(addresses.length)), name);
  }
  if (!isHeadless || rest.length !== 1) return unknown;
  const found = endpointsOf(key, sources)
    .filter((endpoint) => endpoint.hostname === rest[0])
    .map(({ address }) => address);
  return found.length === 0 ? unknown : typed(question, found, name);
}

function typed(question: DnsQuestion, addresses: readonly string[], name: string): DnsAnswer {
  return answered(question.type === 'A' ? addresses.map((value): DnsRecord => ({ name, type: 'A', ttlSeconds, value })) : []);
}

function answered(records: readonly DnsRecord[]): DnsAnswer {
  return { rcode: 'NOERROR', records };
}

function rotate(items: readonly string[], by: number): string[] {
  return [...items.slice(by), ...items.slice(0, by)];
}

/** `10-244-1-5.default.pod.cluster.local`. */
function podAnswer(name: string, label: string): DnsAnswer {
  const address = label.replaceAll('-', '.');
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(address) ? answered([{ name, type: 'A', ttlSeconds, value: address }]) : unknown;
}

interface NamedEndpoint {
  readonly address: string;
  readonly hostname: string;
}

function endpointsOf(key: string, sources: RecordSources): NamedEndpoint[] {
  const publishAll = sources.service(key)?.spec?.publishNotReadyAddresses === true;
  const found: NamedEndpoint[] = [];
  for (const slice of sources.slices(key)) {
    for (const { addresses, conditions, hostname } of slice.endpoints ?? []) {
      if (conditions?.ready === false && !publishAll) continue;
      const address = addresses[0] as string;
      found.push({ address, hostname: hostname ?? address.replaceAll('.', '-') });
    }
  }
  return found;
}

function serviceRecords(
  name: string,
  object: Service,
  sources: RecordSources,
  { port, protocol, suffix }: { readonly port: string; readonly protocol: string; readonly suffix: string },
): DnsAnswer {
  const found = object.spec?.ports?.find((known) => known.name === port && (known.protocol ?? 'TCP') === protocol);
  if (!found) return unknown;
  const record = (number: number, target: string): DnsRecord => ({ name, type: 'SRV', ttlSeconds, value: `0 100 ${number} ${target}` });
  if (object.spec?.clusterIP !== 'None') return answered([record(found.port, suffix)]);
  const key = `${object.metadata?.namespace}/${object.metadata?.name}`;
  const target = Number(sources.slices(key)[0]?.ports?.find((known) => known.name === port)?.port ?? found.port);
  return answered(endpointsOf(key, sources).map(({ hostname }) => record(target, `${hostname}.${suffix}`)));
}
