import { gunzipSync, gzipSync } from 'node:zlib';
import { applyManifests, Cluster, formatTime, studentHome, toYaml } from '#engine';
import type { TickView } from '../../gateway/protocol.ts';
import type {
  ClusterAnswer,
  ClusterDelta,
  ClusterInput,
  ClusterQuestion,
  FileChange,
  InputResult,
  TerminalOutput,
} from '../cluster-messages.ts';
import type { LabCluster } from '../lab-cluster.ts';
import { ChangeCollector } from './change-collector.ts';
import { storedObjects, viewAllObjects, viewComponent, viewEvent, viewTrace } from './cluster-views.ts';
import type { LabRules } from './lab-rules.ts';
import { pullLever } from './levers.ts';
import { Timeline, type TimelinePoint } from './timeline.ts';

/** How often milestones are looked at while the cluster changes, in virtual time. */
const observeEveryMs = 500;
const shownTrace = 300;
const shownEvents = 200;

interface Saved {
  readonly cluster: string;
  readonly memory: unknown;
  readonly timeline: readonly TimelinePoint[];
}

/** A lab's cluster in the engine. */
export class EngineLabCluster implements LabCluster {
  readonly #rules: LabRules;
  readonly #timeline: Timeline;
  #cluster: Cluster;
  #changes: ChangeCollector;
  #terminalOutput: TerminalOutput[] = [];
  readonly #fileChanges = new Map<string, FileChange>();
  #observedRevision = 0;
  #observedAtMs = 0;
  #ticks = '';

  constructor(rules: LabRules, snapshot?: Uint8Array) {
    this.#rules = rules;
    const saved = snapshot && (JSON.parse(gunzipSync(snapshot).toString('utf8')) as Saved);
    if (saved) rules.remember(saved.memory);
    this.#cluster = saved ? Cluster.restore(saved.cluster) : rules.open();
    this.#timeline = new Timeline(saved?.timeline ?? []);
    this.#changes = this.#attach();
    if (!saved) this.#timeline.add(this.#cluster, 'Start');
  }

  get nowMs(): number {
    return this.#cluster.now;
  }

  get nextDueMs(): number | undefined {
    return this.#cluster.nextDueMs;
  }

  get timeline(): readonly { readonly atMs: number; readonly label: string }[] {
    return this.#timeline.list();
  }

  formatTime(atMs: number): string {
    return formatTime(atMs);
  }

  async advance(toMs: number, maxEvents: number): Promise<number> {
    let events = 0;
    while (events < maxEvents) {
      const due = this.#cluster.nextDueMs;
      if (due === undefined || due > toMs) {
        this.#cluster.advance(toMs - this.#cluster.now);
        break;
      }
      const next = Math.min(toMs, Math.max(due, this.#observedAtMs + observeEveryMs));
      events += this.#cluster.advance(next - this.#cluster.now, maxEvents - events);
      this.#observe(false);
    }
    return events;
  }

  async skip(limitMs: number): Promise<void> {
    const untilMs = this.nowMs + limitMs;
    const before = this.#changeMark();
    while (this.#changeMark() === before) {
      const due = this.#cluster.nextDueMs;
      if (due === undefined || due > untilMs) break;
      await this.advance(due, Number.POSITIVE_INFINITY);
    }
  }

  async execute(input: ClusterInput): Promise<InputResult> {
    const result = this.#execute(input);
    this.#observe(true);
    return result;
  }

  async ask(question: ClusterQuestion): Promise<ClusterAnswer> {
    switch (question.type) {
      case 'state':
        return { kind: 'state', state: this.#state() };
      case 'grade':
        return { kind: 'grade', grade: this.#rules.grade(this.#cluster, question.attempt) };
      case 'why': {
        const { links, trace } = this.#cluster.why(question.object as Parameters<Cluster['why']>[0]);
        return { kind: 'why', links, trace: trace.map(viewTrace) };
      }
      case 'getObject':
        return this.#readObject(question.object);
    }
  }

  takeDelta(): ClusterDelta | undefined {
    const delta = this.#changes.take();
    const ticks = this.#changedTicks();
    return delta || ticks ? { ...delta, ...(ticks && { ticks }) } : undefined;
  }

  takeTerminalOutput(): readonly TerminalOutput[] {
    const output = this.#terminalOutput;
    this.#terminalOutput = [];
    return output;
  }

  takeFileChanges(): readonly FileChange[] {
    const changes = [...this.#fileChanges.values()];
    this.#fileChanges.clear();
    return changes;
  }

  snapshot(): Uint8Array {
    const saved: Saved = { cluster: this.#cluster.snapshot(), memory: this.#rules.memory, timeline: this.#timeline.points };
    return gzipSync(JSON.stringify(saved), { level: 1 });
  }

  #attach(): ChangeCollector {
    this.#cluster.terminals.listen({
      onOutput: (terminal, data) => this.#terminalOutput.push({ terminal, data }),
      onFileChange: (path) => this.#noteFile(path),
    });
    return new ChangeCollector(this.#cluster);
  }

  #noteFile(path: string): void {
    if (!path.startsWith(`${studentHome}/`) || path.startsWith(`${studentHome}/.`)) return;
    const text = this.#cluster.terminals.files.read(path);
    const short = path.slice(studentHome.length + 1);
    this.#fileChanges.set(short, text === undefined ? { path: short } : { path: short, text });
  }

  #execute(input: ClusterInput): InputResult {
    const { terminals } = this.#cluster;
    switch (input.type) {
      case 'apply':
        return this.#apply(input.path, input.text);
      case 'pullLever':
        this.#timeline.add(this.#cluster, describeLever(input.action.lever));
        return pullLever(this.#cluster, this.#changes, input.action);
      case 'writeFile':
        return this.#writeFile(input.path, input.text);
      case 'removeFile':
        terminals.files.remove(`${studentHome}/${input.path}`);
        this.#fileChanges.delete(input.path);
        return { kind: 'done' };
      case 'openTerminal':
        terminals.open(input.terminal, input.cols, input.rows);
        return { kind: 'done' };
      case 'terminalInput':
        terminals.input(input.terminal, input.data);
        return { kind: 'done' };
      case 'terminalResize':
        terminals.resize(input.terminal, input.cols, input.rows);
        return { kind: 'done' };
      case 'closeTerminal':
        terminals.close(input.terminal);
        return { kind: 'done' };
      case 'rewind':
        return this.#rewind(input.toMs);
    }
  }

  #writeFile(path: string, text: string): InputResult {
    const { files } = this.#cluster.terminals;
    const full = `${studentHome}/${path}`;
    const parts = path.split('/').slice(0, -1);
    for (const index of parts.keys()) files.makeDirectory(`${studentHome}/${parts.slice(0, index + 1).join('/')}`);
    const problem = files.write(full, text);
    // The writer knows what it wrote; only others' writes are news.
    this.#fileChanges.delete(path);
    return problem === undefined
      ? { kind: 'done' }
      : { kind: 'refused', code: 'overBudget', userMessage: `${path} was not saved: ${problem.toLowerCase()}.` };
  }

  #apply(path: string, text: string): InputResult {
    this.#timeline.add(this.#cluster, `Apply ${path}`);
    this.#writeFile(path, text);
    const { lines, warnings, problems } = applyManifests(this.#cluster.terminals.host, text, { namespace: 'default', source: path });
    return { kind: 'apply', apply: { lines, warnings, problems: problems.map((problem) => ({ path, ...problem })) } };
  }

  #rewind(toMs: number): InputResult {
    const text = this.#timeline.rewind(toMs);
    if (text === undefined)
      return { kind: 'refused', code: 'notFound', userMessage: 'That moment is no longer kept. Choose another one on the time line.' };
    const files = this.#workspaceFiles();
    const open = this.#cluster.terminals.list();
    this.#changes.stop();
    this.#cluster = Cluster.restore(text);
    this.#changes = this.#attach();
    // The cluster goes back, the student's own work does not.
    for (const [path, content] of files) this.#cluster.terminals.files.write(path, content);
    this.#openAnew(open);
    this.#observedAtMs = this.nowMs;
    return { kind: 'done' };
  }

  /** Shells of another time know nothing of what stands on the screens: each screen gets a new one, under what it shows. */
  #openAnew(screens: ReturnType<Cluster['terminals']['list']>): void {
    const { terminals } = this.#cluster;
    for (const { id } of terminals.list()) terminals.close(id);
    for (const { id, cols, rows } of screens) {
      this.#terminalOutput.push({ terminal: id, data: '\r\n' });
      terminals.open(id, cols, rows);
    }
  }

  #workspaceFiles(): readonly (readonly [string, string])[] {
    const { files } = this.#cluster.terminals;
    const walk = (folder: string): (readonly [string, string])[] =>
      (files.list(folder) ?? []).flatMap((name) => {
        const path = `${folder}/${name}`;
        const text = files.read(path);
        return text === undefined ? walk(path) : [[path, text] as const];
      });
    return walk(studentHome);
  }

  /** Looks at the milestones when something was written since, at most twice a virtual second. */
  #observe(isForced: boolean): void {
    const { revision } = this.#cluster.api.store;
    if (!isForced && (revision === this.#observedRevision || this.nowMs - this.#observedAtMs < observeEveryMs)) return;
    this.#observedRevision = revision;
    this.#observedAtMs = this.nowMs;
    this.#rules.observe(this.#cluster);
  }

  #changedTicks(): readonly TickView[] | undefined {
    const ticks = this.#rules.ticks(this.#cluster);
    const text = JSON.stringify(ticks);
    if (text === this.#ticks) return undefined;
    this.#ticks = text;
    return ticks;
  }

  /** Changes whenever a person would notice something. */
  #changeMark(): number {
    return this.#cluster.trace.nextId;
  }

  #state(): Extract<ClusterAnswer, { kind: 'state' }>['state'] {
    const cluster = this.#cluster;
    const eventKind = cluster.api.kinds.findKind('v1', 'Event');
    const events = eventKind
      ? storedObjects(cluster, eventKind)
          .map(viewEvent)
          .sort((a, b) => a.atMs - b.atMs)
          .slice(-shownEvents)
      : [];
    return {
      objects: viewAllObjects(cluster),
      components: cluster.components().map(viewComponent),
      events,
      trace: cluster.trace.state.entries.slice(-shownTrace).map(viewTrace),
      clock: { nowMs: cluster.now, now: cluster.timestamp, paused: false, speed: 1, timeline: this.timeline },
      ticks: this.#rules.ticks(cluster),
    };
  }

  #readObject({
    apiVersion,
    kind: kindName,
    namespace = '',
    name,
  }: Extract<ClusterQuestion, { type: 'getObject' }>['object']): ClusterAnswer {
    const kind = this.#cluster.api.kinds.findKind(apiVersion, kindName);
    const stored =
      kind && this.#cluster.api.store.get(kind.namespaced ? `${kind.storagePrefix}/${namespace}/${name}` : `${kind.storagePrefix}/${name}`);
    if (!stored) return { kind: 'refused', code: 'notFound', userMessage: `${kindName} ${name} is no longer there.` };
    return { kind: 'object', yaml: toYaml(stored.value) };
  }
}

function describeLever(lever: string): string {
  const words: Readonly<Record<string, string>> = {
    stopComponent: 'Stop a component',
    startComponent: 'Start a component',
    powerOffNode: 'Power off a node',
    powerOnNode: 'Power on a node',
    killContainer: 'Kill a container',
    sendRequests: 'Send requests',
  };
  return words[lever] ?? lever;
}
