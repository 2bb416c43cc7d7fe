import { parseTime } from '../sim/simulation.ts';
import { type FieldSchema, goNameOf, isQuantityField, modelOfRef, modelSchemas } from './models.ts';
import { canonicalQuantity, quantityMessage } from './quantity.ts';

/** What decoding found. `typeError` stops the request; unknown fields are refused, warned about or dropped by `fieldValidation`. */
export interface DecodeResult {
  readonly value: Record<string, unknown>;
  /** Paths such as `spec.containers[0].imagePullPolcy`, in document order. */
  readonly unknownFields: readonly string[];
  /** The decoder's words, e.g. `json: cannot unmarshal string into Go struct field …`. */
  readonly typeError: string | undefined;
}

/** One decoding. Where it is, is kept as a stack: texts are made of it only when something is wrong. */
interface Run {
  readonly unknown: string[];
  typeError: string | undefined;
  /** Names of fields and indices of lists that lead to the present place. */
  readonly steps: (string | number)[];
  /** The Go types of the objects around the present place. */
  readonly owners: string[];
}
type Decoder = (value: unknown, run: Run) => unknown;

interface Field {
  readonly decode: Decoder;
  /** Go leaves optional maps and lists out when they hold nothing; empty objects with fields of their own stay. */
  readonly isDroppedEmpty: boolean;
}

const modelDecoders = new Map<string, Decoder>();

/** Reads JSON-like data as the model: a checked, writable copy without nulls, with quantities in canonical form. */
export function decodeModel(model: string, value: unknown): DecodeResult {
  const run: Run = { unknown: [], typeError: undefined, steps: [], owners: [] };
  const decoded = decoderOf(model)(value, run);
  return { value: (decoded ?? {}) as Record<string, unknown>, unknownFields: run.unknown, typeError: run.typeError };
}

function decoderOf(model: string): Decoder {
  let decoder = modelDecoders.get(model);
  if (!decoder) {
    decoder = compileModel(model);
    modelDecoders.set(model, decoder);
  }
  return decoder;
}

function compileModel(model: string): Decoder {
  const schema = modelSchemas[model];
  if (!schema || Object.keys(schema.properties).length === 0) return copyAny;
  const owner = goNameOf(model);
  let fields: ReadonlyMap<string, Field> | undefined;
  return (value, run) => {
    // Compiled on first use, because models refer to each other in circles.
    fields ??= new Map(
      Object.entries(schema.properties).map(([name, field]) => {
        const isDroppedEmpty = (field.type === 'array' || field.additionalProperties !== undefined) && !schema.required?.includes(name);
        return [name, { decode: compileField(field, isQuantityField(model, name)), isDroppedEmpty }];
      }),
    );
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) return mismatch(value, run, `v1.${owner}`);
    run.owners.push(owner);
    const result: Record<string, unknown> = {};
    for (const name in value) {
      const given = (value as Record<string, unknown>)[name];
      const field = fields.get(name);
      if (!field) {
        run.unknown.push(pathOf([...run.steps, name]));
        continue;
      }
      if (given === null || given === undefined) continue;
      run.steps.push(name);
      const decoded = field.decode(given, run);
      run.steps.pop();
      if (decoded !== undefined && !(field.isDroppedEmpty && isEmpty(decoded as object))) result[name] = decoded;
    }
    run.owners.pop();
    return result;
  };
}

function isEmpty(value: object): boolean {
  for (const _key in value) return false;
  return true;
}

/** `spec.containers[0].image` */
function pathOf(steps: readonly (string | number)[]): string {
  let path = '';
  for (const step of steps) path += typeof step === 'number' ? `[${step}]` : path === '' ? step : `.${step}`;
  return path;
}

function compileField(schema: FieldSchema, isQuantity: boolean): Decoder {
  if (schema.$ref) return lazily(modelOfRef(schema.$ref));
  if (schema['x-kubernetes-int-or-string']) return intOrString;
  switch (schema.type) {
    case 'array':
      return compileArray(schema.items ?? {});
    case 'object':
      return schema.additionalProperties ? compileMap(schema.additionalProperties, isQuantity) : copyAny;
    case 'string':
      if (isQuantity) return quantity;
      return schema.format === 'date-time' || schema.format === 'micro-time' ? time : text;
    case 'integer':
      return integer(schema.format === 'int64' ? 'int64' : 'int32');
    case 'number':
      return (value, run) => (typeof value === 'number' ? value : mismatch(value, run, 'float64'));
    case 'boolean':
      return (value, run) => (typeof value === 'boolean' ? value : mismatch(value, run, 'bool'));
    default:
      return copyAny;
  }
}

function lazily(model: string): Decoder {
  let decoder: Decoder | undefined;
  return (value, run) => {
    decoder ??= decoderOf(model);
    return decoder(value, run);
  };
}

function compileArray(items: FieldSchema): Decoder {
  const item = compileField(items, false);
  const itemName = items.$ref ? `v1.${goNameOf(modelOfRef(items.$ref))}` : (items.type ?? 'string');
  return (value, run) => {
    if (!Array.isArray(value)) return mismatch(value, run, `[]${itemName}`);
    const result: unknown[] = [];
    for (let i = 0; i < value.length; i++) {
      run.steps.push(i);
      const decoded = item(value[i], run);
      run.steps.pop();
      if (decoded !== undefined) result.push(decoded);
    }
    return result;
  };
}

function compileMap(values: FieldSchema, isQuantity: boolean): Decoder {
  const decode = isQuantity ? quantity : compileField(values, false);
  const valueName = values.type === 'array' ? '[]string' : (values.type ?? 'string');
  return (value, run) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return mismatch(value, run, `map[string]${valueName}`);
    const result: Record<string, unknown> = {};
    for (const key in value) {
      const field = (value as Record<string, unknown>)[key];
      // Go reads null in a map of strings as the empty string.
      const decoded = field === null ? '' : decode(field, run);
      if (decoded !== undefined) result[key] = decoded;
    }
    return result;
  };
}

function text(value: unknown, run: Run): unknown {
  return typeof value === 'string' ? value : mismatch(value, run, 'string');
}

function time(value: unknown, run: Run): unknown {
  if (typeof value !== 'string') return mismatch(value, run, 'string');
  if (parseTime(value) === undefined)
    return fail(
      run,
      `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  return value;
}

function quantity(value: unknown, run: Run): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return mismatch(value, run, 'string');
  const form = canonicalQuantity(String(value));
  return form ?? fail(run, quantityMessage);
}

function intOrString(value: unknown, run: Run): unknown {
  return typeof value === 'string' || Number.isInteger(value) ? value : mismatch(value, run, 'intstr.IntOrString');
}

function integer(type: 'int32' | 'int64'): Decoder {
  const limit = type === 'int32' ? 2_147_483_647 : Number.MAX_SAFE_INTEGER;
  return (value, run) => {
    if (typeof value !== 'number') return mismatch(value, run, type);
    if (Number.isInteger(value) && value <= limit && value >= -limit - 1) return value;
    return fail(run, `json: cannot unmarshal number ${value} into ${goPlace(run)} of type ${type}`);
  };
}

function copyAny(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyAny);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, copyAny(field)]));
}

function mismatch(value: unknown, run: Run, wanted: string): undefined {
  const got = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const where = run.owners.length === 0 ? 'Go value' : goPlace(run);
  return fail(run, `json: cannot unmarshal ${got} into ${where} of type ${wanted}`);
}

/** How Go names the place: the type around it and the fields that lead there, without indices. */
function goPlace({ owners, steps }: Run): string {
  return `Go struct field ${owners.at(-1) ?? ''}.${steps.filter((step) => typeof step === 'string').join('.')}`;
}

function fail(run: Run, message: string): undefined {
  run.typeError ??= message;
  return undefined;
}
