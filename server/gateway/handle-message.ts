import { actAs } from '../auth/viewer.ts';
import type { ClusterAnswer, InputResult } from '../clusters/cluster-messages.ts';
import { useHint } from '../commands/use-hint.ts';
import { AppError } from '../errors.ts';
import type { LabHub } from './lab-hub.ts';
import type { ClientMessage, ReplyResult } from './protocol.ts';

type Message<Type extends ClientMessage['type']> = Extract<ClientMessage, { readonly type: Type }>;
type Reply = ReplyResult | undefined;

type Handlers = { readonly [Type in Exclude<ClientMessage['type'], 'hello'>]: (hub: LabHub, message: Message<Type>) => Promise<Reply> };

/** What each message of a tab does. A value is its reply; a failure is an AppError. */
const handlers: Handlers = {
  apply: async (hub, { path, text }) => {
    await saveFile(hub, path, text);
    const result = accepted(await hub.execute({ type: 'apply', path, text }));
    return result.kind === 'apply' ? result : undefined;
  },
  saveFile: async (hub, { path, text, base }) => {
    const revision = await saveFile(hub, path, text, base);
    accepted(await hub.execute({ type: 'writeFile', path, text }));
    return { kind: 'saved', revision, savedAt: new Date().toISOString() };
  },
  removeFile: async (hub, { path }) => {
    await hub.files.remove(path);
    hub.publish({ type: 'fileRemoved', path });
    accepted(await hub.execute({ type: 'removeFile', path }));
    return undefined;
  },
  openTerminal: (hub, { terminal, cols, rows }) => run(hub, { type: 'openTerminal', terminal, cols, rows }),
  terminalInput: (hub, { terminal, data }) => run(hub, { type: 'terminalInput', terminal, data }),
  terminalResize: (hub, { terminal, cols, rows }) => run(hub, { type: 'terminalResize', terminal, cols, rows }),
  closeTerminal: (hub, { terminal }) => run(hub, { type: 'closeTerminal', terminal }),
  setClock: async (hub, { paused, speed }) => {
    await hub.handle.setClock({ type: 'set', paused, speed });
    return undefined;
  },
  stepClock: async (hub) => {
    await hub.handle.setClock({ type: 'step' });
    return undefined;
  },
  skipClock: async (hub) => {
    await hub.handle.setClock({ type: 'skip' });
    return undefined;
  },
  pullLever: async (hub, { action }) => {
    const result = accepted(await hub.execute({ type: 'pullLever', action }));
    return result.kind === 'lever' ? result : undefined;
  },
  getObject: async (hub, { object }) => {
    const answer = answered(await hub.ask({ type: 'getObject', object }));
    return answer.kind === 'object' ? answer : undefined;
  },
  why: async (hub, { object }) => {
    const answer = answered(await hub.ask({ type: 'why', object }));
    return answer.kind === 'why' ? answer : undefined;
  },
  grade: async (hub) => ({ kind: 'grade', grade: await hub.grade() }),
  useHint: async (hub, { check }) => {
    const { dayId, labId } = hub.lab;
    const view = await actAs(hub.viewer, () => useHint({ dayId, labId, checkId: check }));
    hub.rememberHints(check, view.hints);
    return { kind: 'hint', ...view };
  },
  rewind: async (hub, { toMs }) => {
    await run(hub, { type: 'rewind', toMs });
    await hub.publishState();
    return undefined;
  },
  reset: async (hub) => {
    await hub.reset();
    return undefined;
  },
  undoReset: async (hub) => {
    await hub.undoReset();
    return undefined;
  },
  ping: async () => undefined,
};

export function handleMessage(hub: LabHub, message: Exclude<ClientMessage, { readonly type: 'hello' }>): Promise<Reply> {
  const handler = handlers[message.type] as (hub: LabHub, message: ClientMessage) => Promise<Reply>;
  return handler(hub, message);
}

async function run(hub: LabHub, input: Parameters<LabHub['execute']>[0]): Promise<undefined> {
  accepted(await hub.execute(input));
}

/** Saves before anything else happens with a text, and shows it in the other tabs. */
async function saveFile(hub: LabHub, path: string, text: string, base?: number): Promise<number> {
  try {
    const before = hub.files.find(path)?.revision;
    const file = await hub.files.save(path, text, base);
    if (file.revision !== before) hub.publishFile(file);
    return file.revision;
  } catch (error) {
    const newer = hub.files.find(path);
    if (newer) hub.publishFile(newer);
    throw error;
  }
}

function accepted(result: InputResult): Exclude<InputResult, { readonly kind: 'refused' }> {
  if (result.kind === 'refused') throw new AppError(result.code, { userMessage: result.userMessage });
  return result;
}

function answered(answer: ClusterAnswer): Exclude<ClusterAnswer, { readonly kind: 'refused' }> {
  if (answer.kind === 'refused') throw new AppError(answer.code, { userMessage: answer.userMessage });
  return answer;
}
