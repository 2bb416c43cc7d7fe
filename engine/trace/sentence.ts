import type { TraceEntry } from './trace.ts';

type Step = Pick<TraceEntry, 'verb' | 'about' | 'text'>;

const past: Readonly<Record<string, string>> = { create: 'created', update: 'changed', patch: 'changed', delete: 'deleted' };

/** A step as a short sentence without its subject, which the reader sees beside it. */
export function describeStep({ verb, about, text }: Step): string {
  if (verb === 'step' || !about) return text;
  const object = `${about.kind} ${about.name}`;
  const [topic = '', ...details] = text.split(' ');
  const detail = details.join(' ');
  if (verb === 'create') return `created ${object}${text.startsWith('for ') ? ` ${text}` : ''}`;
  if (verb === 'delete') return text === 'marked for deletion' ? `marked ${object} for deletion` : `deleted ${object}`;
  switch (topic) {
    case 'binding':
      return `bound ${object} to ${detail || 'its node'}`;
    case 'status':
      return describeStatus(object, detail);
    case 'replicas':
      return `scaled ${object} from ${details[0]} to ${details[1]}`;
    default:
      return text === '' ? `${past[verb] ?? verb} ${object}` : `${past[verb] ?? verb} the ${text} of ${object}`;
  }
}

function describeStatus(object: string, outcome: string): string {
  const counted = /^(\d+)\/(\d+)$/.exec(outcome);
  if (counted) return `counted ${counted[1]} of ${counted[2]} replicas ready in ${object}`;
  return outcome === '' ? `reported the status of ${object}` : `reported ${object} as ${outcome}`;
}
