import type { Viewer } from '../auth/viewer.ts';
import type { ClusterHandle, ClusterHost } from '../clusters/cluster-host.ts';
import type { ClusterAnswer, ClusterInput, ClusterQuestion, ClusterUpdate, InputResult } from '../clusters/cluster-messages.ts';
import { AppError } from '../errors.ts';
import { findLastGrade } from '../lab-sessions/find-last-grade.ts';
import { LabFiles } from '../lab-sessions/lab-files.ts';
import type { OpenedLab } from '../lab-sessions/open-lab.ts';
import { openLab } from '../lab-sessions/open-lab.ts';
import { recordAttempt } from '../lab-sessions/record-attempt.ts';
import { canUndoStartOver, startOver, undoStartOver } from '../lab-sessions/start-over.ts';
import { logError } from '../log.ts';
import type { UnnumberedFrame } from './frame-log.ts';
import { FrameLog } from './frame-log.ts';
import type { ClusterState, FileView, GradeView, ServerMessage, Welcome } from './protocol.ts';

/** A tab as its session sees it. */
export interface Tab {
  send(frame: ServerMessage): void;
}

export interface LabHubOptions {
  readonly host: ClusterHost;
  readonly viewer: Viewer;
  readonly sessionId: string;
}

/** One lab session with all its tabs: what one tab does, every tab sees. */
export class LabHub {
  readonly #host: ClusterHost;
  readonly #viewer: Viewer;
  readonly #tabs = new Set<Tab>();
  #lab: OpenedLab;
  #files: LabFiles;
  #handle: ClusterHandle;
  #log = new FrameLog();
  #attempts: number;
  #lastGrade: GradeView | undefined;
  #isGrading = false;

  private constructor(
    options: LabHubOptions,
    lab: OpenedLab,
    handle: ClusterHandle,
    last: { readonly count: number; readonly grade?: GradeView },
  ) {
    this.#host = options.host;
    this.#viewer = options.viewer;
    this.#lab = lab;
    this.#files = new LabFiles(lab.sessionId, lab.files);
    this.#handle = handle;
    this.#attempts = last.count;
    this.#lastGrade = last.grade;
    this.#listen();
  }

  static async open(options: LabHubOptions): Promise<LabHub> {
    const lab = await openLab(options.sessionId, options.viewer);
    const last = await findLastGrade(options.sessionId);
    return new LabHub(options, lab, await options.host.open(options.sessionId), last);
  }

  get tabs(): number {
    return this.#tabs.size;
  }

  get lab(): OpenedLab {
    return this.#lab;
  }

  get viewer(): Viewer {
    return this.#viewer;
  }

  get files(): LabFiles {
    return this.#files;
  }

  get handle(): ClusterHandle {
    return this.#handle;
  }

  /** Counts a tab in: from now on the hub stays open for it, and it hears what happens. */
  admit(tab: Tab): void {
    this.#tabs.add(tab);
  }

  /** Brings an admitted tab up to date: with what it missed, or with everything. */
  async join(tab: Tab, resume?: { readonly epoch: string; readonly seq: number }): Promise<void> {
    const missed = resume && this.#log.since(resume.epoch, resume.seq);
    if (!missed) {
      await this.sendEverything(tab);
      return;
    }
    for (const frame of missed) tab.send(frame);
    // A resumed tab knows by the first frame that it is live again; there may have been nothing to miss.
    this.publish({ type: 'delta' });
  }

  leave(tab: Tab): void {
    this.#tabs.delete(tab);
  }

  close(): void {
    this.#handle.close();
  }

  publish(frame: UnnumberedFrame): void {
    const numbered = this.#log.add(frame);
    for (const tab of this.#tabs) tab.send(numbered);
  }

  async sendEverything(tab: Tab): Promise<void> {
    tab.send(await this.#welcome());
    const state = await this.#state();
    tab.send({ type: 'state', seq: this.#log.seq, ...state });
  }

  /** The whole cluster, in place of what the tabs know: a cluster that was put back is no change of the one they saw. */
  async publishState(): Promise<void> {
    this.publish({ type: 'state', ...(await this.#state()) });
  }

  execute(input: ClusterInput): Promise<InputResult> {
    return this.#handle.execute(input);
  }

  ask(question: ClusterQuestion): Promise<ClusterAnswer> {
    return this.#handle.ask(question);
  }

  publishFile(file: FileView): void {
    this.publish({ type: 'file', file });
  }

  /** For tabs that come later. */
  rememberHints(check: string, hints: readonly string[]): void {
    this.#lab = { ...this.#lab, hintsUsed: { ...this.#lab.hintsUsed, [check]: hints } };
  }

  /** Grades the cluster as it is. One at a time: a second submission meanwhile is told to wait for the first. */
  async grade(): Promise<GradeView> {
    if (this.#isGrading) {
      throw new AppError('busy', { userMessage: 'Your work is being checked already. The result comes in a moment, in every tab.' });
    }
    this.#isGrading = true;
    try {
      const answer = await this.#handle.ask({ type: 'grade', attempt: this.#attempts + 1 });
      if (answer.kind !== 'grade')
        throw new AppError('notGradable', { userMessage: answer.kind === 'refused' ? answer.userMessage : 'This lab cannot be checked.' });
      const { grade } = answer;
      if (grade.gradable) {
        await recordAttempt({ userId: this.#viewer.id, timeZone: this.#viewer.timeZone, labSessionId: this.#handle.sessionId }, grade);
        this.#attempts += 1;
        this.#lastGrade = grade;
      }
      this.publish({ type: 'grade', grade });
      return grade;
    } finally {
      this.#isGrading = false;
    }
  }

  /** Starts the lab over in every tab; one step back is kept. */
  async reset(): Promise<void> {
    await this.#replace(() => startOver(this.#handle.sessionId, this.#lab.fresh));
  }

  async undoReset(): Promise<void> {
    await this.#replace(() => undoStartOver(this.#handle.sessionId));
  }

  async #replace(change: () => Promise<void>): Promise<void> {
    const { sessionId } = this.#handle;
    await this.#host.evict(sessionId);
    try {
      await change();
    } finally {
      this.#lab = await openLab(sessionId, this.#viewer);
      this.#files = new LabFiles(sessionId, this.#lab.files);
      this.#handle = await this.#host.open(sessionId);
      this.#log = new FrameLog();
      this.#listen();
      await Promise.all([...this.#tabs].map((tab) => this.sendEverything(tab)));
    }
  }

  #listen(): void {
    this.#handle.subscribe({
      onUpdate: (update) => this.#onUpdate(update),
      onRestored: (text) => void this.#onRestored(text).catch((error: unknown) => logError('a restored cluster could not be shown', error)),
      onLost: (text) => this.publish({ type: 'notice', level: 'error', text }),
    });
  }

  #onUpdate({ delta, terminal, files }: ClusterUpdate): void {
    if (delta) this.publish({ type: 'delta', ...delta });
    for (const output of terminal ?? []) this.publish({ type: 'terminal', ...output });
    for (const { path, text } of files ?? []) void this.#onFileChange(path, text);
  }

  /** A program in the cluster wrote a file of the workspace. */
  async #onFileChange(path: string, text: string | undefined): Promise<void> {
    try {
      if (text === undefined) {
        await this.#files.remove(path);
        this.publish({ type: 'fileRemoved', path });
      } else this.publishFile(await this.#files.save(path, text));
    } catch (error) {
      this.publish({
        type: 'notice',
        level: 'warning',
        text: error instanceof AppError ? error.userMessage : `${path} could not be saved.`,
      });
    }
  }

  async #onRestored(text: string): Promise<void> {
    await this.publishState();
    this.publish({ type: 'notice', level: 'warning', text });
  }

  async #state(): Promise<ClusterState> {
    const answer = await this.#handle.ask({ type: 'state' });
    if (answer.kind !== 'state') throw new Error('a cluster has no state');
    return answer.state;
  }

  async #welcome(): Promise<Welcome> {
    const canUndoReset = await canUndoStartOver(this.#handle.sessionId);
    return {
      type: 'welcome',
      protocol: 1,
      epoch: this.#log.epoch,
      seq: this.#log.seq,
      session: this.#handle.sessionId,
      files: this.#files.list(),
      terminals: [...this.#handle.scrollback].map(([terminal, scrollback]) => ({ terminal, scrollback })),
      hintsUsed: this.#lab.hintsUsed,
      ...(this.#lastGrade && { lastGrade: this.#lastGrade }),
      canUndoReset,
      tabs: this.#tabs.size,
    };
  }
}
