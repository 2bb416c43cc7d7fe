// Prisma's schema engine as WebAssembly, straight from npm: compares two schemas without a database and without a download.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory, mockMigrationAwareAdapterFactory } from '@prisma/driver-adapter-utils';

async function loadEngine() {
  // The package's own loader expects a bundler; instantiating by hand also works on Node 20.
  const glueUrl = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const glue = await import(glueUrl);
  const binary = readFileSync(path.join(path.dirname(fileURLToPath(glueUrl)), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(binary, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine;
}

let loading;

/** The SQL that turns schema text `from` (null: nothing yet) into schema text `to`; '' when they agree. */
export async function diffSchemas(from, to) {
  loading ??= loadEngine();
  const SchemaEngine = await loading;
  // The dialect comes from the schema text; the adapter is never spoken to, so the SQLite stand-in serves both.
  const adapter = bindMigrationAwareSqlAdapterFactory(mockMigrationAwareAdapterFactory('sqlite'));
  const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', to]] }, () => {}, adapter);
  const side = (content) => (content === null ? { tag: 'empty' } : { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] });
  const result = await engine.diff({
    from: side(from),
    to: side(to),
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  engine.free();
  const sql = (result.stdout ?? '').trim();
  return sql.startsWith('-- This is an empty migration') ? '' : sql;
}
