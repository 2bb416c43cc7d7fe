// Writes engine/schema/generated/: the fields of every Kubernetes API type as data (models.json), as TypeScript types (models.ts), and
// their descriptions (descriptions.json), which are apart because a page that runs a cluster does not need them. The source is the Kubernetes client package in node_modules; its sentences belong to their
// authors, so the result is ignored by git and made again at set-up (about a second).
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const clientRoot = 'node_modules/@kubernetes/client-node/dist/gen';
const fillRoot = 'node_modules/kubernetes-models';
const outDir = 'engine/schema/generated';
const groupPrefix =
  /^(Core|Events|Resource|Discovery|Storage|Admissionregistration|Apiextensions|Authentication|Flowcontrol|Rbac)?(V\d+(?:alpha\d+|beta\d+)?)(.*)$/;

function jsDocOf(node) {
  return (node.jsDoc ?? [])
    .map((doc) => (typeof doc.comment === 'string' ? doc.comment : ''))
    .join('\n')
    .trim();
}

function parse(file) {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

/** A client type name such as `Array<V1Container>` as a JSON schema. */
function toJsonSchema(type, format) {
  const list = /^(?:Array|Set)<(.*)>$/.exec(type);
  if (list) return { type: 'array', items: toJsonSchema(list[1], '') };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map) return { type: 'object', additionalProperties: toJsonSchema(map[1], format) };
  if (type === 'number') return { type: format.startsWith('int') ? 'integer' : 'number', ...(format && { format }) };
  if (type === 'string' || type === 'boolean') return { type, ...(format && { format }) };
  if (type === 'Date') return { type: 'string', format: 'date-time' };
  if (type === 'V1MicroTime') return { type: 'string', format: 'micro-time' };
  if (type === 'IntOrString') return { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] };
  if (type === 'any') return {};
  return { $ref: `#/definitions/${type}` };
}

function readModels() {
  const definitions = {};
  for (const file of readdirSync(`${clientRoot}/models`)
    .filter((name) => name.endsWith('.d.ts'))
    .sort()) {
    const attributes = /attributeTypeMap = (\[[\s\S]*?\n\]);/.exec(
      readFileSync(`${clientRoot}/models/${file.replace('.d.ts', '.js')}`, 'utf8'),
    );
    parse(`${clientRoot}/models/${file}`).forEachChild((node) => {
      if (!ts.isClassDeclaration(node) || !node.name) return;
      const members = new Map();
      for (const member of node.members) {
        const isStatic = (member.modifiers ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword);
        if (ts.isPropertyDeclaration(member) && member.name && !isStatic) {
          members.set(member.name.text, { description: jsDocOf(member), optional: Boolean(member.questionToken) });
        }
      }
      const properties = {};
      const required = [];
      for (const attribute of attributes ? JSON.parse(attributes[1]) : []) {
        const member = members.get(attribute.name) ?? members.get(attribute.baseName) ?? { description: '', optional: true };
        properties[attribute.baseName] = {
          ...(member.description && { description: member.description }),
          ...toJsonSchema(attribute.type, attribute.format),
        };
        if (!member.optional) required.push(attribute.baseName);
      }
      const description = jsDocOf(node);
      definitions[node.name.text] = {
        ...(description && { description }),
        type: 'object',
        properties,
        ...(required.length && { required }),
      };
    });
  }
  return definitions;
}

/** Group, version, kind, plural and scope of every creatable type, read off the paths of the client's create calls. */
function readResources() {
  const resources = {};
  const createCall =
    /async create(?:Namespaced)?\w+\([\s\S]*?const localVarPath = '([^']+)'[\s\S]*?ObjectSerializer\.serialize\(body, "(\w+)"/g;
  for (const file of readdirSync(`${clientRoot}/apis`)
    .filter((name) => name.endsWith('Api.js'))
    .sort()) {
    for (const [, urlPath, model] of readFileSync(`${clientRoot}/apis/${file}`, 'utf8').matchAll(createCall)) {
      const parts = /^\/(?:api\/(v\w+)|apis\/([^/]+)\/([^/]+))\/(namespaces\/\{namespace\}\/)?([a-z]+)$/.exec(urlPath);
      if (!parts) continue;
      resources[model] = {
        group: parts[2] ?? '',
        version: parts[1] ?? parts[3],
        kind: groupPrefix.exec(model)?.[3] ?? model,
        plural: parts[5],
        namespaced: Boolean(parts[4]),
      };
    }
  }
  return resources;
}

/** The client package drops descriptions beside a $ref; a second package has most of them. */
function fillDescriptions(definitions) {
  const described = {};
  const walk = (directory) => {
    for (const entry of readdirSync(directory).sort()) {
      const file = path.join(directory, entry);
      if (statSync(file).isDirectory()) {
        if (entry !== '_schemas') walk(file);
      } else if (entry.endsWith('.d.ts') && entry !== 'index.d.ts') {
        parse(file).forEachChild((node) => {
          if (!ts.isInterfaceDeclaration(node)) return;
          const key = `${path.basename(directory)}|${path.basename(file, '.d.ts')}`;
          described[key] ??= {};
          const fields = described[key];
          for (const member of node.members) if (member.name && jsDocOf(member)) fields[member.name.text] ??= jsDocOf(member);
        });
      }
    }
  };
  walk(fillRoot);
  for (const [name, definition] of Object.entries(definitions)) {
    const parts = groupPrefix.exec(name);
    const fields = parts && described[`${parts[2].toLowerCase()}|${parts[3]}`];
    if (!fields) continue;
    for (const [field, schema] of Object.entries(definition.properties)) {
      if (!schema.description && fields[field]) definition.properties[field] = { description: fields[field], ...schema };
    }
  }
}

/** Moves descriptions out of the definitions: by model, then by field; the empty field is the model itself. */
function takeDescriptions(definitions) {
  const taken = {};
  for (const [model, definition] of Object.entries(definitions)) {
    const texts = {};
    if (definition.description) texts[''] = definition.description;
    delete definition.description;
    for (const [field, schema] of Object.entries(definition.properties)) {
      if (schema.description) texts[field] = schema.description;
      delete schema.description;
    }
    if (Object.keys(texts).length > 0) taken[model] = texts;
  }
  return taken;
}

function toTypeScript(schema) {
  if (schema.$ref) return schema.$ref.replace('#/definitions/', '');
  if (schema['x-kubernetes-int-or-string']) return 'number | string';
  if (schema.type === 'array') return `readonly (${toTypeScript(schema.items)})[]`;
  if (schema.additionalProperties) return `{ readonly [key: string]: ${toTypeScript(schema.additionalProperties)} }`;
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  return schema.type === 'string' || schema.type === 'boolean' ? schema.type : 'unknown';
}

const definitions = readModels();
fillDescriptions(definitions);
for (const definition of Object.values(definitions)) {
  for (const schema of Object.values(definition.properties)) {
    const target = schema.$ref?.replace('#/definitions/', '');
    if (target && !definitions[target]) {
      delete schema.$ref;
      schema.type = 'object';
    }
  }
}
mkdirSync(outDir, { recursive: true });
const descriptions = takeDescriptions(definitions);
writeFileSync(`${outDir}/models.json`, JSON.stringify({ definitions, resources: readResources() }));
writeFileSync(`${outDir}/descriptions.json`, JSON.stringify(descriptions));
const types = Object.entries(definitions).map(([name, definition]) => {
  const required = new Set(definition.required ?? []);
  const fields = Object.entries(definition.properties).map(
    ([field, schema]) => `  readonly ${JSON.stringify(field)}${required.has(field) ? '' : '?'}: ${toTypeScript(schema)};`,
  );
  return `export interface ${name} {\n${fields.join('\n')}\n}\n`;
});
writeFileSync(`${outDir}/models.ts`, `${types.join('\n')}`);
mkdirSync('public/generated', { recursive: true });
console.log(`generated ${Object.keys(definitions).length} Kubernetes types`);
