import { keyOf } from '../client/controller.ts';
import type { ProcessContext, ProcessDefinition, ProcessHandlers, WatchChange } from '../client/process.ts';
import type { DnsAnswer, DnsQuestion } from '../images/exchange.ts';
import { service as serviceKind } from '../kinds/core/service.ts';
import type { AnyKind } from '../kinds/define-kind.ts';
import { type EndpointSlice, endpointSlice } from '../kinds/discovery/endpoint-slice.ts';
import { answerQuestion } from './dns-records.ts';
import type { Network } from './network.ts';
import { serviceOf } from './service-rules.ts';

/** Slices by service, for answers about headless Services. */
export interface CoreDnsState {
  readonly slices: Map<string, Set<string>>;
}

/** The records of a cluster, as CoreDNS' kubernetes plugin gives them. Kubernetes: coredns/plugin/kubernetes. */
export function coreDnsProcess(options: {
  readonly node: string;
  readonly network: Network;
  readonly domain: string;
}): ProcessDefinition<CoreDnsState> {
  return {
    name: 'coredns',
    user: 'system:serviceaccount:kube-system:coredns',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
    node: options.node,
    watches: [{ kind: serviceKind }, { kind: endpointSlice }],
    initialState: () => ({ slices: new Map() }),
    create: (context) => new CoreDns(context, options),
  };
}

class CoreDns implements ProcessHandlers {
  readonly #context: ProcessContext<CoreDnsState>;
  readonly #network: Network;
  readonly #domain: string;

  constructor(context: ProcessContext<CoreDnsState>, { network, domain }: { readonly network: Network; readonly domain: string }) {
    this.#context = context;
    this.#network = network;
    this.#domain = domain;
    network.setNameServer({ answer: (question) => this.#answer(question) });
  }

  onChange(kind: AnyKind, change: WatchChange): void {
    if (kind !== endpointSlice) return;
    const slice = change.object as EndpointSlice;
    const name = serviceOf(slice);
    if (name === undefined) return;
    const { slices } = this.#context.state;
    const known = slices.get(name) ?? new Set();
    if (change.type === 'deleted') known.delete(keyOf(slice));
    else known.add(keyOf(slice));
    if (known.size > 0) slices.set(name, known);
    else slices.delete(name);
  }

  onTimer(): void {}

  onStop(): void {
    this.#network.setNameServer(undefined);
  }

  #answer(question: DnsQuestion): DnsAnswer {
    if (!this.#context.isSynced) return { rcode: 'SERVFAIL', records: [] };
    return answerQuestion(question, this.#domain, {
      service: (key) => this.#context.lister(serviceKind).byKey(key),
      slices: (key) =>
        [...(this.#context.state.slices.get(key) ?? [])].sort().flatMap((name) => this.#context.lister(endpointSlice).byKey(name) ?? []),
      turn: (count) => this.#context.randomInt(count),
    });
  }
}
