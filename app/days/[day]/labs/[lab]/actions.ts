'use server';

import { startLab, startLabInput } from '#server/commands/start-lab.ts';
import { type ActionResult, toActionResult } from '#server/commands/to-action-result.ts';

export async function startLabAction(day: number, lab: string): Promise<ActionResult<{ readonly session: string }>> {
  return toActionResult(() => startLab(startLabInput.parse({ day, lab })));
}
