import type { ApplyReply, FileView, ServerError } from '../../server/gateway/protocol.ts';
import type { Reply, Request } from '../_session/session-client.ts';
import { createStore, type Store } from './store.ts';

export type DraftStatus = 'saved' | 'unsaved' | 'saving' | 'conflict' | 'failed';

/** One file as this tab has it, and how it stands to the copy that the server keeps. */
export interface Draft {
  readonly path: string;
  readonly text: string;
  /** The server's revision that the text started from; 0 for a file that the server does not have yet. */
  readonly base: number;
  readonly status: DraftStatus;
  readonly isReadOnly: boolean;
  readonly savedAtMs: number | undefined;
  /** Another tab's newer text, while the person has not chosen. */
  readonly theirs: FileView | undefined;
  readonly error: ServerError | undefined;
}

export interface DraftKeeperOptions {
  readonly request: (message: Request) => Promise<Reply>;
  readonly after: (delayMs: number, run: () => void) => () => void;
  readonly nowMs: () => number;
}

export type ApplyOutcome = { readonly ok: true; readonly apply: ApplyReply } | { readonly ok: false; readonly error: ServerError };

const saveDelayMs = 700;

/** Holds every file's text, saves it as it changes, and notices when another tab was faster. */
export class DraftKeeper {
  readonly drafts: Store<ReadonlyMap<string, Draft>> = createStore(new Map());
  readonly #options: DraftKeeperOptions;
  readonly #cancelSave = new Map<string, () => void>();
  /** The text that is on its way to the server, to know its echo from another tab's edit. */
  readonly #sent = new Map<string, string>();

  constructor(options: DraftKeeperOptions) {
    this.#options = options;
  }

  /** Takes over what the server says its files are. */
  receive(files: ReadonlyMap<string, FileView>): void {
    for (const file of files.values()) this.#receiveFile(file);
    for (const draft of this.drafts.get().values()) {
      if (draft.base > 0 && !files.has(draft.path)) this.#forget(draft.path);
    }
  }

  edit(path: string, text: string): void {
    const draft = this.drafts.get().get(path);
    if (!draft || draft.isReadOnly || draft.text === text) return;
    this.#put({ ...draft, text, status: draft.status === 'conflict' ? 'conflict' : 'unsaved' });
    if (draft.status !== 'conflict') this.#saveSoon(path);
  }

  create(path: string, text: string): void {
    if (this.drafts.get().has(path)) return;
    this.#put({ path, text, base: 0, status: 'unsaved', isReadOnly: false, savedAtMs: undefined, theirs: undefined, error: undefined });
    void this.save(path);
  }

  async remove(path: string): Promise<Reply> {
    this.#cancelSave.get(path)?.();
    const reply = await this.#options.request({ type: 'removeFile', path });
    if (reply.ok) this.#forget(path);
    return reply;
  }

  async rename(from: string, to: string): Promise<void> {
    const draft = this.drafts.get().get(from);
    if (!draft || this.drafts.get().has(to)) return;
    this.create(to, draft.text);
    await this.remove(from);
  }

  resolve(path: string, keep: 'mine' | 'theirs'): void {
    const draft = this.drafts.get().get(path);
    if (!draft?.theirs) return;
    const { revision, text } = draft.theirs;
    if (keep === 'theirs') {
      this.#put({ ...draft, text, base: revision, status: 'saved', theirs: undefined, error: undefined });
      return;
    }
    this.#put({ ...draft, base: revision, status: 'unsaved', theirs: undefined, error: undefined });
    void this.save(path);
  }

  /** Saves at once what is not saved yet; called when the line is back and before the page goes away. */
  flush(): void {
    for (const draft of this.drafts.get().values()) {
      if (draft.status === 'unsaved' || draft.status === 'failed') void this.save(draft.path);
    }
  }

  async save(path: string): Promise<void> {
    this.#cancelSave.get(path)?.();
    const draft = this.drafts.get().get(path);
    if (!draft || draft.isReadOnly || draft.status === 'conflict' || this.#sent.has(path)) return;
    this.#sent.set(path, draft.text);
    this.#put({ ...draft, status: 'saving', error: undefined });
    const reply = await this.#options.request({ type: 'saveFile', path, text: draft.text, base: draft.base });
    this.#sent.delete(path);
    const current = this.drafts.get().get(path);
    if (!current || current.status === 'conflict') return;
    if (!reply.ok) {
      // The newer text of a stale save follows as a `file` frame, which makes it a conflict.
      this.#put({ ...current, status: 'failed', error: reply.error });
      return;
    }
    const revision = reply.result?.kind === 'saved' ? reply.result.revision : current.base;
    this.#settle(current, draft.text, Math.max(revision, current.base));
  }

  async apply(path: string): Promise<ApplyOutcome> {
    const draft = this.drafts.get().get(path);
    if (!draft) return { ok: false, error: { code: 'notFound', userMessage: `There is no file ${path}.` } };
    this.#cancelSave.get(path)?.();
    this.#sent.set(path, draft.text);
    const reply = await this.#options.request({ type: 'apply', path, text: draft.text });
    this.#sent.delete(path);
    const current = this.drafts.get().get(path);
    if (current?.status === 'unsaved') this.#saveSoon(path);
    if (!reply.ok) return reply;
    if (reply.result?.kind !== 'apply')
      return { ok: false, error: { code: 'internal', userMessage: 'The answer was not understood. Reload the page.' } };
    return { ok: true, apply: reply.result.apply };
  }

  #receiveFile(file: FileView): void {
    const draft = this.drafts.get().get(file.path);
    if (!draft) {
      this.#put({
        path: file.path,
        text: file.text,
        base: file.revision,
        status: 'saved',
        isReadOnly: file.readOnly,
        savedAtMs: undefined,
        theirs: undefined,
        error: undefined,
      });
      return;
    }
    if (file.revision <= draft.base) return;
    if (file.text === draft.text || file.text === this.#sent.get(file.path)) {
      this.#settle(draft, file.text, file.revision);
    } else if (draft.status === 'saved') {
      this.#put({ ...draft, text: file.text, base: file.revision });
    } else {
      this.#cancelSave.get(file.path)?.();
      this.#put({ ...draft, status: 'conflict', theirs: file });
    }
  }

  #settle(draft: Draft, savedText: string, revision: number): void {
    const isSaved = draft.text === savedText;
    this.#put({
      ...draft,
      base: revision,
      status: isSaved ? 'saved' : 'unsaved',
      theirs: undefined,
      error: undefined,
      savedAtMs: isSaved ? this.#options.nowMs() : draft.savedAtMs,
    });
    if (!isSaved) this.#saveSoon(draft.path);
  }

  #saveSoon(path: string): void {
    this.#cancelSave.get(path)?.();
    this.#cancelSave.set(
      path,
      this.#options.after(saveDelayMs, () => void this.save(path)),
    );
  }

  #put(draft: Draft): void {
    this.drafts.update((drafts) => new Map(drafts).set(draft.path, draft));
  }

  #forget(path: string): void {
    this.#cancelSave.get(path)?.();
    this.drafts.update((drafts) => new Map([...drafts].filter(([known]) => known !== path)));
  }
}
