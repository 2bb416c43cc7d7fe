import type { Lab } from './lab.ts';

type Values = Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;

/** The variant that a seed draws. Seeds that follow each other go through all of them. */
export function drawVariant({ vary }: Pick<Lab, 'vary'>, seed: number): Values {
  const names = Object.keys(vary).sort();
  return Object.fromEntries(
    names.map((name) => {
      const options = vary[name] ?? [];
      return [name, options[seed % options.length] ?? {}];
    }),
  );
}

/** How many different clusters a lab has. */
export function countVariants({ vary }: Pick<Lab, 'vary'>): number {
  return Math.max(1, ...Object.values(vary).map((options) => options.length));
}

/** The lab with the seed's values in the place of `${name.key}`. */
export function expandLab(lab: Lab, seed: number): Lab {
  if (Object.keys(lab.vary).length === 0) return lab;
  const values = drawVariant(lab, seed);
  return {
    ...lab,
    faults: fill(lab.faults, values) as Lab['faults'],
    checks: fill(lab.checks, values) as Lab['checks'],
    objects: fill(lab.objects, values) as Lab['objects'],
  };
}

/** Any plain data of the lab, e.g. the steps of a solution, with the seed's values. */
export function expandValue<T>(lab: Lab, seed: number, value: T): T {
  return fill(value, drawVariant(lab, seed)) as T;
}

function fill(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return fillText(value, values);
  if (Array.isArray(value)) return value.map((item) => fill(item, values));
  if (typeof value !== 'object' || value === null) return value;
  const filled = Object.entries(value).map(([key, field]): [string, unknown] => [key, fill(field, values)]);
  // An empty value leaves its key out: `node: ${fault.node}` of a component without a node.
  return Object.fromEntries(filled.filter(([key, field]) => field !== '' || (value as Record<string, unknown>)[key] === ''));
}

function fillText(text: string, values: Values): unknown {
  const whole = /^\$\{([a-z0-9-]+)\.(\w+)\}$/.exec(text);
  if (whole) return values[whole[1] as string]?.[whole[2] as string] ?? text;
  return text.replace(/\$\{([a-z0-9-]+)\.(\w+)\}/g, (original, name: string, key: string) => String(values[name]?.[key] ?? original));
}
