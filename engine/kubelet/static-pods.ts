import { parse as parseYaml } from 'yaml';
import { node as nodeKind } from '../kinds/core/node.ts';
import { type Pod, pod as podKind, qosClassOf } from '../kinds/core/pod.ts';
import { digestOf } from '../runtime/image-registry.ts';
import { isApiError } from '../schema/api-error.ts';
import { cloneJson, deepFreeze, type Mutable } from '../sim/plain.ts';
import type { PodWorker } from './kubelet-state.ts';
import { type NodeAgent, removePod } from './node-agent.ts';
import { manifestFolder } from './node-machine.ts';
import type { PodRegistry } from './pod-registry.ts';
import type { PodTerminator } from './pod-terminator.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';

/** Pods from files of the node. They run with or without an API; a mirror in the API only shows them. Kubernetes: pkg/kubelet/config, pod/mirror_client.go (1.36). */
export class StaticPods {
  readonly #agent: NodeAgent;
  readonly #registry: PodRegistry;
  readonly #terminator: PodTerminator;

  constructor(agent: NodeAgent, registry: PodRegistry, terminator: PodTerminator) {
    this.#agent = agent;
    this.#registry = registry;
    this.#terminator = terminator;
  }

  /** Compares the manifests with what runs. A changed manifest is another pod: the old one ends first. */
  sync(): void {
    const { state, options } = this.#agent;
    const paths = options.machine.filesIn(manifestFolder).filter((path) => /\.(ya?ml|json)$/.test(path));
    for (const [path, { uid, hash }] of [...state.manifests]) {
      const content = options.machine.readFile(path);
      if (content !== undefined && digestOf(content).slice(0, 32) === hash) continue;
      state.manifests.delete(path);
      const worker = state.pods.get(uid);
      if (!worker) continue;
      this.#terminator.begin(worker, { graceSeconds: worker.pod.spec?.terminationGracePeriodSeconds ?? 30, removes: true });
      this.#agent.wake(uid);
    }
    for (const path of paths) {
      if (state.manifests.has(path)) continue;
      const content = options.machine.readFile(path) as string;
      const hash = digestOf(content).slice(0, 32);
      const pod = this.#read(path, content, hash);
      // Two pods of one name cannot be: the new manifest waits until the old pod has gone.
      if (!pod || state.names.has(`${pod.metadata?.namespace}/${pod.metadata?.name}`)) continue;
      const worker = this.#registry.add(pod, path);
      state.manifests.set(path, { hash, uid: worker.uid });
      this.#agent.wake(worker.uid);
    }
  }

  /** Makes the API show what runs here. */
  mirror(worker: PodWorker): void {
    if (worker.mirror || worker.manifest === undefined || worker.stage !== 'active' || !this.#agent.context.isSynced) return;
    const { client } = this.#agent.context;
    this.#agent.callApi(() => {
      const node = client.find(nodeKind, '', this.#agent.options.node);
      if (!node) return;
      const { metadata, spec } = worker.pod;
      const hash = metadata?.annotations?.['kubernetes.io/config.hash'] ?? '';
      const { name = '', namespace = '' } = metadata ?? {};
      const existing = client.find(podKind, namespace, name);
      if (existing?.metadata?.annotations?.[mirrorAnnotation] === hash) {
        worker.mirror = existing;
        return;
      }
      if (existing) client.remove(podKind, namespace, name, { gracePeriodSeconds: 0 });
      try {
        worker.mirror = client.create(podKind, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            name,
            namespace,
            ...(metadata?.labels && { labels: metadata.labels }),
            annotations: { ...metadata?.annotations, [mirrorAnnotation]: hash },
            ownerReferences: [
              { apiVersion: 'v1', kind: 'Node', name: this.#agent.options.node, uid: node.metadata?.uid ?? '', controller: true },
            ],
          },
          ...(spec && { spec }),
        });
      } catch (error) {
        // The namespace may not be there yet; the next look at the pod tries again.
        if (!isApiError(error)) throw error;
        this.#agent.context.setTimer(`again/${worker.uid}`, 1000, { periodic: true });
      }
    });
  }

  removeMirror(worker: PodWorker): void {
    if (worker.mirror) removePod(this.#agent, worker.mirror);
  }

  #read(path: string, content: string, hash: string): Pod | undefined {
    const { node } = this.#agent.options;
    const about = { apiVersion: 'v1', kind: 'Node', name: node };
    const draft = readManifest(content);
    if (draft?.kind !== 'Pod' || !draft.metadata?.name || !draft.spec?.containers?.length) {
      this.#agent.context.finding(about, `manifest ${path}`, `${path} is no Pod manifest; nothing is started from it.`);
      return undefined;
    }
    this.#agent.context.finding(about, `manifest ${path}`, undefined);
    const uid = digestOf(`${node}/${content}`).slice(0, 32);
    draft.metadata = {
      ...draft.metadata,
      name: `${draft.metadata.name}-${node}`,
      namespace: draft.metadata.namespace ?? 'default',
      uid,
      generation: 1,
      annotations: {
        ...draft.metadata.annotations,
        'kubernetes.io/config.hash': hash,
        'kubernetes.io/config.seen': this.#agent.context.timestamp,
        'kubernetes.io/config.source': 'file',
      },
    };
    podKind.defaults(draft);
    draft.spec.nodeName = node;
    draft.spec.tolerations = [{ effect: 'NoExecute', operator: 'Exists' }, ...(draft.spec.tolerations ?? [])];
    draft.status = { phase: 'Pending', qosClass: qosClassOf(draft.spec as Pod['spec']) };
    return deepFreeze(draft as Pod);
  }
}

const manifests = new Map<string, Pod | undefined>();

/** What a manifest says; clusters of one process share most of their manifests' texts, so each is parsed once. */
function readManifest(content: string): Mutable<Pod> | undefined {
  if (!manifests.has(content)) {
    if (manifests.size > 200) manifests.clear();
    manifests.set(content, parseManifest(content));
  }
  const parsed = manifests.get(content);
  return parsed && cloneJson(parsed);
}

function parseManifest(content: string): Pod | undefined {
  try {
    const parsed: unknown = parseYaml(content);
    return typeof parsed === 'object' && parsed !== null ? deepFreeze(parsed as Pod) : undefined;
  } catch {
    return undefined;
  }
}

export function isMirror(pod: Pod): boolean {
  return pod.metadata?.annotations?.[mirrorAnnotation] !== undefined;
}
