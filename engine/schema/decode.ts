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

interface Run {
  readonly unknown: string[];
  typeError: string | undefined;
}
type Decoder = (value: unknown, run: Run, at: Place) => unknown;

/** Where the decoder is: the path with indices for unknown fields, and what Go's decoder names in type errors. */
interface Place {
  readonly path: string;
  /** Path without indices. */
  readonly goPath: string;
  readonly owner: string;
}

const modelDecoders = new Map<string, Decoder>();

/** Reads JSON-like data as the model: a checked, writable copy without nulls, with quantities in canonical form. */
export function decodeModel(model: string, value: unknown): DecodeResult {
  const run: Run = { unknown: [], typeError: undefined };
  const decoded = decoderOf(model)(value, run, { path: '', goPath: '', owner: '' });
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
  let fields: ReadonlyMap<string, Decoder> | undefined;
  return (value, run, at) => {
    // Compiled on first use, because models refer to each other in circles.
    fields ??= new Map(Object.entries(schema.properties).map(([name, field]) => [name, compileField(field, isQuantityField(model, name))]));
    if (value === null || value === undefined) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) return mismatch(value, run, at, `v1.${owner}`);
    const result: Record<string, unknown> = {};
    for (const name in value) {
      const field = (value as Record<string, unknown>)[name];
      const decode = fields.get(name);
      if (!decode) {
        run.unknown.push(at.path === '' ? name : `${at.path}.${name}`);
        continue;
      }
      if (field === null || field === undefined) continue;
      const decoded = decode(field, run, {
        path: at.path === '' ? name : `${at.path}.${name}`,
        goPath: at.goPath === '' ? name : `${at.goPath}.${name}`,
        owner,
      });
      if (decoded !== undefined && !(isEmpty(decoded, schema.properties[name]) && !schema.required?.includes(name))) result[name] = decoded;
    }
    return result;
  };
}

/** Go leaves optional maps and lists out when they hold nothing; empty objects with fields of their own stay. */
function isEmpty(value: unknown, schema: FieldSchema | undefined): boolean {
  if (schema?.type === 'array') return (value as readonly unknown[]).length === 0;
  if (!schema?.additionalProperties) return false;
  for (const _key in value as object) return false;
  return true;
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
      return (value, run, at) => (typeof value === 'number' ? value : mismatch(value, run, at, 'float64'));
    case 'boolean':
      return (value, run, at) => (typeof value === 'boolean' ? value : mismatch(value, run, at, 'bool'));
    default:
      return copyAny;
  }
}

function lazily(model: string): Decoder {
  let decoder: Decoder | undefined;
  return (value, run, at) => {
    decoder ??= decoderOf(model);
    return decoder(value, run, at);
  };
}

function compileArray(items: FieldSchema): Decoder {
  const item = compileField(items, false);
  const itemName = items.$ref ? `v1.${goNameOf(modelOfRef(items.$ref))}` : (items.type ?? 'string');
  return (value, run, at) => {
    if (!Array.isArray(value)) return mismatch(value, run, at, `[]${itemName}`);
    const result: unknown[] = [];
    for (let i = 0; i < value.length; i++) {
      const decoded = item(value[i], run, { path: `${at.path}[${i}]`, goPath: at.goPath, owner: at.owner });
      if (decoded !== undefined) result.push(decoded);
    }
    return result;
  };
}

function compileMap(values: FieldSchema, isQuantity: boolean): Decoder {
  const decode = isQuantity ? quantity : compileField(values, false);
  const valueName = values.type === 'array' ? '[]string' : (values.type ?? 'string');
  return (value, run, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return mismatch(value, run, at, `map[string]${valueName}`);
    const result: Record<string, unknown> = {};
    for (const key in value) {
      const field = (value as Record<string, unknown>)[key];
      // Go reads null in a map of strings as the empty string.
      const decoded = field === null ? '' : decode(field, run, at);
      if (decoded !== undefined) result[key] = decoded;
    }
    return result;
  };
}

function text(value: unknown, run: Run, at: Place): unknown {
  return typeof value === 'string' ? value : mismatch(value, run, at, 'string');
}

function time(value: unknown, run: Run, at: Place): unknown {
  if (typeof value !== 'string') return mismatch(value, run, at, 'string');
  if (parseTime(value) === undefined)
    return fail(
      run,
      `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  return value;
}

function quantity(value: unknown, run: Run, at: Place): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return mismatch(value, run, at, 'string');
  const form = canonicalQuantity(String(value));
  return form ?? fail(run, quantityMessage);
}

function intOrString(value: unknown, run: Run, at: Place): unknown {
  return typeof value === 'string' || Number.isInteger(value) ? value : mismatch(value, run, at, 'intstr.IntOrString');
}

function integer(type: 'int32' | 'int64'): Decoder {
  const limit = type === 'int32' ? 2_147_483_647 : Number.MAX_SAFE_INTEGER;
  return (value, run, at) => {
    if (typeof value !== 'number') return mismatch(value, run, at, type);
    if (Number.isInteger(value) && value <= limit && value >= -limit - 1) return value;
    return fail(run, `json: cannot unmarshal number ${value} into Go struct field ${at.owner}.${at.goPath} of type ${type}`);
  };
}

function copyAny(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyAny);
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, copyAny(field)]));
}

function mismatch(value: unknown, run: Run, at: Place, wanted: string): undefined {
  const got = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const where = at.owner === '' ? `Go value of type ${wanted}` : `Go struct field ${at.owner}.${at.goPath} of type ${wanted}`;
  return fail(run, `json: cannot unmarshal ${got} into ${where}`);
}

function fail(run: Run, message: string): undefined {
  run.typeError ??= message;
  return undefined;
}
