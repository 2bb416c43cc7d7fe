import { keyOf } from '../client/controller.ts';
import type { ProcessContext, ProcessDefinition, ProcessHandlers, WatchChange } from '../client/process.ts';
import { type Service, service as serviceKind } from '../kinds/core/service.ts';
import type { AnyKind } from '../kinds/define-kind.ts';
import { type EndpointSlice, endpointSlice } from '../kinds/discovery/endpoint-slice.ts';
import { deepEqual } from '../sim/plain.ts';
import type { Network, ProxyRule } from './network.ts';
import { serviceOf, serviceRules } from './service-rules.ts';

/** What kube-proxy remembers. The rules themselves are in the node's kernel and outlive it. */
export interface KubeProxyState {
  /** Services whose rules have to be computed anew. */
  readonly dirty: Set<string>;
  /** Rule keys by service. */
  readonly written: Map<string, readonly string[]>;
  /** Slices by service. */
  readonly slices: Map<string, Set<string>>;
}

/** Translates Services into rules of one node's kernel. Kubernetes: pkg/proxy/iptables (1.36). */
export function kubeProxyProcess(options: { readonly node: string; readonly network: Network }): ProcessDefinition<KubeProxyState> {
  return {
    name: `kube-proxy/${options.node}`,
    user: 'system:serviceaccount:kube-system:kube-proxy',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
    node: options.node,
    watches: [{ kind: serviceKind }, { kind: endpointSlice }],
    initialState: () => ({ dirty: new Set(), written: new Map(), slices: new Map() }),
    create: (context) => new KubeProxy(context, options),
  };
}

class KubeProxy implements ProcessHandlers {
  readonly #context: ProcessContext<KubeProxyState>;
  readonly #node: string;
  readonly #network: Network;

  constructor(context: ProcessContext<KubeProxyState>, { node, network }: { readonly node: string; readonly network: Network }) {
    this.#context = context;
    this.#node = node;
    this.#network = network;
  }

  /** The first sync replaces whatever an earlier kube-proxy has left. */
  onSynced(): void {
    const known = new Set<string>();
    for (const object of this.#context.lister(serviceKind).list()) {
      known.add(keyOf(object));
      this.#context.state.dirty.add(keyOf(object));
    }
    const stale = new Map<string, undefined>();
    for (const [key, rule] of this.#network.rules(this.#node))
      if (!known.has(rule.service.slice(0, rule.service.lastIndexOf(':')))) stale.set(key, undefined);
    this.#network.setRules(this.#node, stale);
    for (const [key, rule] of this.#network.rules(this.#node)) {
      const name = rule.service.slice(0, rule.service.lastIndexOf(':'));
      this.#context.state.written.set(name, [...(this.#context.state.written.get(name) ?? []), key]);
    }
    this.#schedule();
  }

  onChange(kind: AnyKind, change: WatchChange): void {
    const { state } = this.#context;
    if (kind === serviceKind) state.dirty.add(keyOf(change.object));
    else {
      const slice = change.object as EndpointSlice;
      const name = serviceOf(slice);
      if (name === undefined) return;
      const known = state.slices.get(name) ?? new Set();
      if (change.type === 'deleted') known.delete(keyOf(slice));
      else known.add(keyOf(slice));
      state.slices.set(name, known);
      state.dirty.add(name);
    }
    if (this.#context.isSynced) this.#schedule();
  }

  onTimer(): void {
    const { state } = this.#context;
    const changes = new Map<string, ProxyRule | undefined>();
    const touched: string[] = [];
    for (const name of [...state.dirty].sort()) {
      const next = this.#rulesOf(name);
      const current = this.#network.rules(this.#node);
      let differs = false;
      for (const key of state.written.get(name) ?? []) if (!next.has(key) && !changes.has(key)) changes.set(key, undefined);
      for (const [key, rule] of next) {
        if (deepEqual(current.get(key), rule)) continue;
        changes.set(key, rule);
        differs = true;
      }
      if (next.size > 0) state.written.set(name, [...next.keys()]);
      else state.written.delete(name);
      if (differs) touched.push(name);
    }
    state.dirty.clear();
    if (changes.size === 0) return;
    this.#network.setRules(this.#node, changes);
    if (touched.length > 0)
      this.#context.step(
        `translated ${touched.length === 1 ? 'Service' : 'Services'} ${touched.slice(0, 3).join(', ')}${touched.length > 3 ? ', …' : ''} into rules`,
        refOf(touched[0] as string),
      );
  }

  #rulesOf(name: string): ReturnType<typeof serviceRules> {
    const object: Service | undefined = this.#context.lister(serviceKind).byKey(name);
    if (!object) return new Map();
    const slices: EndpointSlice[] = [];
    for (const key of [...(this.#context.state.slices.get(name) ?? [])].sort()) {
      const slice = this.#context.lister(endpointSlice).byKey(key);
      if (slice) slices.push(slice);
    }
    return serviceRules(object, slices, this.#node);
  }

  /** Changes of one moment become one sync, as kube-proxy's bounded-frequency runner does it. */
  #schedule(): void {
    if (!this.#context.hasTimer('sync')) this.#context.setTimer('sync', this.#context.latency('proxySync'));
  }
}

function refOf(key: string): { apiVersion: string; kind: string; namespace: string; name: string } {
  const [namespace = '', name = ''] = key.split('/');
  return { apiVersion: 'v1', kind: 'Service', namespace, name };
}
