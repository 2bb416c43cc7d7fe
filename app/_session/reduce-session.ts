import type { EventView, ObjectView, ServerMessage, StreamMessage, TickView } from '../../server/gateway/protocol.ts';
import { type Notice, objectKey, type SessionState } from './session-state.ts';

// A long afternoon in one lab must not grow the page without end.
const eventsKept = 500;
const traceKept = 3000;
const hopsKept = 60;
const noticesKept = 4;

/** The state after one frame. Frames of the resumable stream that were already applied change nothing. */
export function reduceSession(state: SessionState, message: ServerMessage): SessionState {
  if (message.type === 'reply' || message.type === 'error') return state;
  const isWhole = message.type === 'welcome' || message.type === 'state';
  return isWhole || message.seq > state.seq ? applyFrame(state, message) : state;
}

function applyFrame(state: SessionState, message: StreamMessage): SessionState {
  const next = { ...state, seq: message.seq };
  switch (message.type) {
    case 'welcome':
      return welcomed(state, message);
    case 'state':
      return {
        ...next,
        isLoaded: true,
        objects: new Map(message.objects.map((object) => [objectKey(object.ref), object])),
        components: message.components,
        events: message.events.slice(-eventsKept),
        trace: message.trace.slice(-traceKept),
        clock: message.clock,
        ticks: ticksById(new Map(), message.ticks),
      };
    case 'delta':
      return withDelta(next, message);
    case 'file':
      return { ...next, files: new Map(state.files).set(message.file.path, message.file) };
    case 'fileRemoved': {
      const files = new Map(state.files);
      files.delete(message.path);
      return { ...next, files };
    }
    case 'grade':
      return { ...next, grade: message.grade };
    case 'notice':
      return withNotice(next, { id: message.seq, level: message.level, text: message.text });
    case 'terminal':
      return state.terminals.includes(message.terminal) ? next : { ...next, terminals: [...state.terminals, message.terminal] };
  }
}

export function withNotice(state: SessionState, notice: Notice): SessionState {
  // Said once more, it is the same news.
  // Of mere information the newest counts; warnings and errors wait to be read.
  const others = state.notices.filter(({ level, text }) => text !== notice.text && !(level === 'info' && notice.level === 'info'));
  return { ...state, notices: [...others, notice].slice(-noticesKept) };
}

function welcomed(state: SessionState, message: Extract<ServerMessage, { type: 'welcome' }>): SessionState {
  return {
    ...state,
    connection: { status: 'live' },
    epoch: message.epoch,
    seq: message.seq,
    files: new Map(message.files.map((file) => [file.path, file])),
    terminals: message.terminals.map((terminal) => terminal.terminal),
    hintsUsed: message.hintsUsed,
    grade: message.lastGrade,
    canUndoReset: message.canUndoReset,
    tabs: message.tabs,
  };
}

function withDelta(state: SessionState, delta: Extract<ServerMessage, { type: 'delta' }>): SessionState {
  let objects = state.objects;
  if (delta.changed?.length || delta.removed?.length) {
    const changed = new Map<string, ObjectView>(objects);
    for (const ref of delta.removed ?? []) changed.delete(objectKey(ref));
    for (const object of delta.changed ?? []) changed.set(objectKey(object.ref), object);
    objects = changed;
  }
  return {
    ...state,
    objects,
    components: delta.components ?? state.components,
    events: delta.events ? mergeEvents(state.events, delta.events) : state.events,
    trace: delta.trace ? [...state.trace, ...delta.trace].slice(-traceKept) : state.trace,
    hops: delta.hops ? [...state.hops, ...delta.hops].slice(-hopsKept) : state.hops,
    clock: delta.clock ?? state.clock,
    ticks: delta.ticks ? ticksById(state.ticks, delta.ticks) : state.ticks,
  };
}

/** An event that happens again keeps its id and moves to the end with a higher count. */
function mergeEvents(known: readonly EventView[], arrived: readonly EventView[]): readonly EventView[] {
  const again = new Set(arrived.map((event) => event.id));
  return [...known.filter((event) => !again.has(event.id)), ...arrived].slice(-eventsKept);
}

function ticksById(known: ReadonlyMap<string, TickView>, ticks: readonly TickView[]): ReadonlyMap<string, TickView> {
  const next = new Map(known);
  for (const tick of ticks) next.set(tick.check, tick);
  return next;
}
