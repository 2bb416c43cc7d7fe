import { getDatabase, transact } from '../db.ts';
import { AppError } from '../errors.ts';
import type { ClusterSnapshot, LoggedInput } from './cluster-messages.ts';
import type { SessionRecord, SessionStore } from './session-record.ts';
import { decodeInput, encodeInput } from './session-record.ts';

interface PendingInput {
  readonly row: { readonly labSessionId: string; readonly number: number; readonly input: string };
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Lab sessions in the database. Inputs that arrive together are written together, so that a full classroom does not queue. */
export class DatabaseSessionStore implements SessionStore {
  #pending: PendingInput[] = [];
  #isWriting = false;

  async load(sessionId: string): Promise<SessionRecord> {
    const row = await getDatabase().labSession.findUnique({
      where: { id: sessionId },
      select: {
        dayId: true,
        labId: true,
        labHash: true,
        spec: true,
        seed: true,
        engineVersion: true,
        snapshot: true,
        snapshotInputs: true,
        clockMs: true,
        terminals: true,
      },
    });
    if (!row) throw new AppError('noSession', { userMessage: 'This lab session does not exist any more. Start the lab again.' });
    const { dayId, labId, labHash, seed, engineVersion, snapshot, snapshotInputs, clockMs } = row;
    const tail = await getDatabase().labInput.findMany({
      where: { labSessionId: sessionId, number: { gt: snapshotInputs } },
      orderBy: { number: 'asc' },
      select: { number: true, input: true },
    });
    const inputs = tail.map(({ number, input }) => decodeInput(number, input));
    return {
      saved: {
        recipe: { dayId, labId, labHash, spec: JSON.parse(row.spec), seed, engineVersion },
        snapshot: snapshot ?? undefined,
        inputs,
        clockMs,
      },
      inputCount: inputs.at(-1)?.number ?? snapshotInputs,
      scrollback: JSON.parse(row.terminals) as Record<string, string>,
    };
  }

  append(sessionId: string, input: LoggedInput): Promise<void> {
    return new Promise((resolve, reject) => {
      const row = { labSessionId: sessionId, number: input.number, input: encodeInput(input) };
      this.#pending.push({ row, resolve, reject });
      void this.#write();
    });
  }

  async takeBack(sessionId: string, number: number): Promise<void> {
    await getDatabase().labInput.deleteMany({ where: { labSessionId: sessionId, number } });
  }

  async saveSnapshot(
    sessionId: string,
    { bytes, clockMs, inputNumber }: ClusterSnapshot,
    scrollback: Readonly<Record<string, string>>,
  ): Promise<void> {
    await getDatabase().labSession.update({
      where: { id: sessionId },
      data: {
        snapshot: Uint8Array.from(bytes),
        snapshotInputs: inputNumber,
        clockMs,
        terminals: JSON.stringify(scrollback),
        revision: { increment: 1 },
      },
      select: { id: true },
    });
  }

  async saveClock(sessionId: string, clockMs: number): Promise<void> {
    await getDatabase().labSession.update({ where: { id: sessionId }, data: { clockMs }, select: { id: true } });
  }

  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      await this.#writeBatch(batch);
    }
    this.#isWriting = false;
  }

  async #writeBatch(batch: readonly PendingInput[]): Promise<void> {
    try {
      await transact((transaction) => transaction.labInput.createMany({ data: batch.map(({ row }) => row) }));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const [only] = batch;
      if (only && batch.length === 1) {
        only.reject(error);
        return;
      }
      // One bad row refuses the whole batch: each alone finds out whose it was.
      for (const pending of batch) await this.#writeBatch([pending]);
    }
  }
}
