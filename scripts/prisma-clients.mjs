// Writes server/generated/{sqlite,postgres}: one Prisma client per database from the one schema.
import { readFileSync, writeFileSync } from 'node:fs';
import { fail } from './console.mjs';
import { node, step } from './run.mjs';

/** The PostgreSQL twin of the SQLite schema: the models are the common subset, only the head differs. */
export function toPostgresSchema(schema) {
  return `// Made from schema.prisma by scripts/prisma-clients.mjs.\n${schema
    .replace(/(datasource\s+\w+\s*\{[^}]*provider\s*=\s*)"sqlite"/, '$1"postgresql"')
    .replace('generated/sqlite', 'generated/postgres')}`;
}

async function generateClients() {
  writeFileSync('prisma/schema.postgres.prisma', toPostgresSchema(readFileSync('prisma/schema.prisma', 'utf8')));
  for (const schema of ['prisma/schema.prisma', 'prisma/schema.postgres.prisma']) {
    // Prisma fetches a schema engine before any command, even though `generate` never runs it. Any existing file
    // satisfies it, so nothing is downloaded and set-up works offline.
    const env = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
    await step(`prisma generate ${schema}`, ...node('node_modules/prisma/build/index.js', 'generate', '--no-hints', '--schema', schema), {
      env,
    });
  }
}

if (import.meta.filename === process.argv[1]) generateClients().catch(fail);
