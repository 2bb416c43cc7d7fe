// node scripts/migration.mjs NAME: writes prisma/migrations/{sqlite,postgres}/TIME_NAME/migration.sql for what changed in
// prisma/schema.prisma since the last migration. No database is needed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fail, SetupError, say } from './console.mjs';
import { toPostgresSchema } from './prisma-clients.mjs';
import { diffSchemas } from './schema-engine.mjs';

const snapshotName = 'schema.snapshot.prisma';

/** For each database: the schema as it should be, the schema that the migrations end at, and the SQL between them. */
export async function pendingChanges() {
  const schema = readFileSync('prisma/schema.prisma', 'utf8');
  const wanted = { sqlite: schema, postgres: toPostgresSchema(schema) };
  return Promise.all(
    Object.entries(wanted).map(async ([database, to]) => {
      const folder = `prisma/migrations/${database}`;
      const snapshot = `${folder}/${snapshotName}`;
      return { database, folder, snapshot, to, sql: await diffSchemas(existsSync(snapshot) ? readFileSync(snapshot, 'utf8') : null, to) };
    }),
  );
}

async function writeMigration(name) {
  if (!/^[a-z0-9_]+$/.test(name ?? '')) throw new SetupError('Usage: node scripts/migration.mjs NAME (small letters, digits and _)');
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  for (const { database, folder, snapshot, to, sql } of await pendingChanges()) {
    if (!sql) {
      say(`${database}: nothing changed`);
      continue;
    }
    mkdirSync(`${folder}/${time}_${name}`, { recursive: true });
    writeFileSync(`${folder}/${time}_${name}/migration.sql`, `${sql}\n`);
    writeFileSync(snapshot, to);
    say(`${database}: ${folder}/${time}_${name}/migration.sql`);
  }
}

if (import.meta.filename === process.argv[1]) writeMigration(process.argv[2]).catch(fail);
