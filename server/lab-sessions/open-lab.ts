import { createHash } from 'node:crypto';
import type { Viewer } from '../auth/viewer.ts';
import type { LabContent } from '../content.ts';
import { findLabContent, getContent } from '../content.ts';
import { getDatabase } from '../db.ts';
import { AppError } from '../errors.ts';
import type { StoredFile } from './lab-files.ts';
import type { FreshStart } from './start-over.ts';

/** A session that its owner may work in. */
export interface OpenedLab {
  readonly sessionId: string;
  readonly dayId: string;
  readonly labId: string;
  /** As LabFiles reads it. */
  readonly files: string;
  /** The texts already shown, by check. */
  readonly hintsUsed: Readonly<Record<string, readonly string[]>>;
  /** What starting over begins with. */
  readonly fresh: FreshStart;
}

/** What a session of this lab begins with. */
export async function toFreshStart(lab: LabContent, viewer: Pick<Viewer, 'id'>): Promise<FreshStart> {
  const { engineVersion } = await getContent();
  const files: Record<string, StoredFile> = {};
  for (const { path, text, isReadOnly } of lab.files) files[path] = { text, revision: 1, readOnly: isReadOnly };
  return { files: JSON.stringify(files), spec: JSON.stringify(lab.spec), labHash: lab.hash, seed: seedFor(lab, viewer.id), engineVersion };
}

/** Labs are proven with these seeds (`npm run lab -- verify`), so a student gets one of them. */
const provenSeeds = 20;

/** The student's own variant of a lab: the same at every start, another one for the neighbour. */
function seedFor({ dayId, id, seed }: LabContent, userId: string): number {
  const digest = createHash('sha256').update(`${dayId}/${id}/${seed}/${userId}`).digest();
  return 1 + (digest.readUInt32BE(0) % provenSeeds);
}

/** The viewer's own running session; anything else does not exist for them. */
export async function openLab(sessionId: string, viewer: Viewer): Promise<OpenedLab> {
  const row = await getDatabase().labSession.findFirst({
    where: { id: sessionId, userId: viewer.id, endedAt: null },
    select: { dayId: true, labId: true, files: true },
  });
  const lab = row && (await findLabContent(row.dayId, row.labId));
  if (!row || !lab)
    throw new AppError('noSession', {
      userMessage: 'This lab session does not exist, or it belongs to another account. Open the lab from its day.',
    });
  const { dayId, labId, files } = row;
  return { sessionId, dayId, labId, files, hintsUsed: await listHintsUsed(viewer.id, lab), fresh: await toFreshStart(lab, viewer) };
}

async function listHintsUsed(userId: string, lab: LabContent): Promise<Readonly<Record<string, readonly string[]>>> {
  const rows = await getDatabase().hintUse.groupBy({
    by: ['checkId'],
    where: { userId, dayId: lab.dayId, labId: lab.id },
    _max: { number: true },
  });
  const shown = new Map(rows.map(({ checkId, _max }) => [checkId, _max.number ?? 0]));
  const used = lab.checks.filter(({ id }) => shown.has(id));
  return Object.fromEntries(used.map(({ id, hints }) => [id, hints.slice(0, shown.get(id))]));
}
