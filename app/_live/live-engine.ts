import type { AnyKind, models, TraceEntry } from '#engine';
import { builtInKinds, Cluster, describeStep, summarizePod } from '#engine';
import type { ComponentView, LifeState } from '../../server/gateway/protocol.ts';

export interface LivePod {
  readonly name: string;
  readonly state: LifeState;
  readonly word: string;
}

export interface LiveNode {
  readonly name: string;
  readonly isReady: boolean;
  readonly isOn: boolean;
  readonly pods: readonly LivePod[];
}

export interface LiveStep {
  readonly id: number;
  readonly actor: string;
  readonly text: string;
}

/** All that the figure draws. */
export interface LivePicture {
  readonly components: readonly Pick<ComponentView, 'name' | 'health'>[];
  readonly nodes: readonly LiveNode[];
  readonly waiting: readonly LivePod[];
  readonly replicas: number;
  readonly isApiUp: boolean;
  /** Newest first. */
  readonly steps: readonly LiveStep[];
}

const namespace = 'default';
const name = 'web';
const shownComponents = ['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager'];
const stepsKept = 30;

const pod = kindNamed('Pod');
const node = kindNamed('Node');
const deployment = kindNamed('Deployment');
const mostReplicas = 6;

/** A small cluster that lives in the page and nowhere else. */
export class LiveEngine {
  readonly #cluster = Cluster.create({ workers: 2, seed: 40 });
  readonly #off = new Set<string>();
  #told = 0;
  #steps: readonly LiveStep[] = [];
  #picture: LivePicture;

  constructor() {
    const labels = { app: name };
    this.#cluster.client('you').create(deployment, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'nginx', image: 'nginx:1.27' }] } },
      },
    });
    this.#cluster.trace.onEntry((entry) => {
      if (isNews(entry)) this.#tell(entry.actor.split('/')[0] ?? entry.actor, describeStep(entry));
    });
    this.#cluster.settle(30_000);
    this.#picture = this.#draw(undefined);
  }

  /** Lets time pass, and gives the picture afterwards. */
  advance(ms: number): LivePicture {
    this.#cluster.advance(ms);
    this.#picture = this.#draw(this.#picture);
    return this.#picture;
  }

  deletePod(podName: string): void {
    this.#attempt(() => this.#cluster.client('you').remove(pod, namespace, podName));
  }

  togglePower(nodeName: string): void {
    if (this.#off.delete(nodeName)) this.#cluster.powerOnNode(nodeName);
    else {
      this.#off.add(nodeName);
      this.#cluster.powerOffNode(nodeName);
    }
  }

  toggleComponent(component: string): void {
    const isStopped = this.#cluster.components().some((one) => one.name === component && one.health === 'stopped');
    if (isStopped) this.#cluster.startComponent(component);
    else this.#cluster.stopComponent(component);
  }

  scale(by: 1 | -1): void {
    this.#attempt(() =>
      this.#cluster.client('you').modify(deployment, namespace, name, (draft) => {
        if (draft.spec) draft.spec.replicas = Math.min(mostReplicas, Math.max(0, (draft.spec.replicas ?? 0) + by));
      }),
    );
  }

  /** With the API server down, every request is refused: that is the lesson, not a fault of the page. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#tell('you', `were refused: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #tell(actor: string, text: string): void {
    this.#told += 1;
    this.#steps = [{ id: this.#told, actor, text }, ...this.#steps].slice(0, stepsKept);
  }

  #draw(before: LivePicture | undefined): LivePicture {
    const components = this.#cluster.components().filter((one) => shownComponents.includes(one.name) && one.node === undefined);
    const isApiUp = components.every((one) => one.health === 'running' || !['etcd', 'kube-apiserver'].includes(one.name));
    // Nobody can ask a stopped API server; what was last known stays on the wall.
    if (!isApiUp && before) return { ...before, components, isApiUp, steps: this.#steps };
    const client = this.#cluster.client('you');
    const pods: readonly models.V1Pod[] = client.list(pod, namespace);
    const allNodes: readonly models.V1Node[] = client.list(node);
    const wanted: models.V1Deployment | undefined = client.find(deployment, namespace, name);
    const nodes = allNodes.filter(({ metadata }) => metadata?.labels?.['node-role.kubernetes.io/control-plane'] === undefined);
    return {
      components,
      isApiUp,
      steps: this.#steps,
      replicas: wanted?.spec?.replicas ?? 0,
      nodes: nodes.map(({ metadata, status }) => ({
        name: metadata?.name ?? '',
        isOn: !this.#off.has(metadata?.name ?? ''),
        isReady: status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false,
        pods: pods.filter(({ spec }) => spec?.nodeName === metadata?.name).map(toLivePod),
      })),
      waiting: pods.filter(({ spec }) => !spec?.nodeName).map(toLivePod),
    };
  }
}

function toLivePod(object: models.V1Pod): LivePod {
  const { metadata, status } = object;
  const podName = metadata?.name ?? '';
  if (metadata?.deletionTimestamp !== undefined) return { name: podName, state: 'terminating', word: 'Terminating' };
  const isReady = status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
  if (isReady) return { name: podName, state: 'running', word: 'Running' };
  return { name: podName, state: 'pending', word: summarizePod(object).status };
}

// Where four lines are shown, counting again is none of them; who reports what became of a pod or a node is.
function isNews(entry: TraceEntry): boolean {
  const isCount = entry.text.startsWith('status') && !['Pod', 'Node'].includes(entry.about?.kind ?? '');
  return !isCount;
}

function kindNamed(kind: string): AnyKind {
  const found = builtInKinds.find((one) => one.kind === kind);
  if (!found) throw new Error(`The engine has no kind ${kind}.`);
  return found;
}
