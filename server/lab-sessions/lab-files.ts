import { getDatabase } from '../db.ts';
import { AppError } from '../errors.ts';
import type { FileView } from '../gateway/protocol.ts';

const mostFiles = 100;
const mostCharacters = 5_000_000;

export interface StoredFile {
  readonly text: string;
  readonly revision: number;
  readonly readOnly: boolean;
}

/** The files of a lab session, in memory and in the database at once: what is in here is saved. */
export class LabFiles {
  readonly #sessionId: string;
  #files: ReadonlyMap<string, StoredFile>;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(sessionId: string, saved: string) {
    this.#sessionId = sessionId;
    this.#files = new Map(Object.entries(JSON.parse(saved) as Record<string, StoredFile>));
  }

  list(): readonly FileView[] {
    return [...this.#files].map(([path, file]) => ({ path, ...file }));
  }

  find(path: string): FileView | undefined {
    const file = this.#files.get(path);
    return file && { path, ...file };
  }

  /**
   * Saves a text and gives the file with its new revision. `base` is the revision that the edit started from; without it
   * the text wins. An equal text is saved already.
   */
  save(path: string, text: string, base?: number): Promise<FileView> {
    return this.#inOrder(async () => {
      const known = this.#files.get(path);
      if (known?.readOnly)
        throw new AppError('invalid', {
          userMessage: `${path} is part of the task and cannot be changed. Save your version under another name.`,
        });
      if (base !== undefined && known && base < known.revision && known.text !== text) {
        throw new AppError('stale', {
          userMessage: `${path} was changed in another tab since you began to edit it. The newer text is shown now; put your change into it and save again.`,
        });
      }
      if (known?.text === text) return { path, ...known };
      const file = { text, revision: (known?.revision ?? 0) + 1, readOnly: false };
      await this.#write(new Map(this.#files).set(path, file));
      return { path, ...file };
    });
  }

  remove(path: string): Promise<void> {
    return this.#inOrder(async () => {
      const known = this.#files.get(path);
      if (!known) return;
      if (known.readOnly) throw new AppError('invalid', { userMessage: `${path} is part of the task and cannot be removed.` });
      const files = new Map(this.#files);
      files.delete(path);
      await this.#write(files);
    });
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#saving.then(work);
    this.#saving = result.catch(() => undefined);
    return result;
  }

  async #write(files: ReadonlyMap<string, StoredFile>): Promise<void> {
    let characters = 0;
    for (const { text } of files.values()) characters += text.length;
    if (files.size > mostFiles || characters > mostCharacters) {
      const userMessage = `A lab keeps at most ${mostFiles} files with ${mostCharacters / 1_000_000} MB together. This one was not saved; remove some others first.`;
      throw new AppError('tooLarge', { userMessage });
    }
    await getDatabase().labSession.update({
      where: { id: this.#sessionId },
      data: { files: JSON.stringify(Object.fromEntries(files)) },
      select: { id: true },
    });
    this.#files = files;
  }
}
