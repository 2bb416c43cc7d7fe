import { availableParallelism } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from './errors.ts';

const seconds = z.coerce.number().min(0);

/** Everything that can be set from outside; each has a default that works on a laptop. */
const environmentSchema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  /** Where the site is served. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** The address it listens on. 0.0.0.0 opens it to the network. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** What browsers call the site when that is not http://localhost:PORT, e.g. https://kube40.example.org behind a proxy. */
  KUBE40_URL: z.url().optional(),
  /** The folder for what must survive: the SQLite file and the generated secret. */
  KUBE40_DATA: z.string().min(1).default('data'),
  /** file:PATH for SQLite, or postgresql://…; by default kube40.db in KUBE40_DATA. */
  DATABASE_URL: z
    .string()
    .regex(/^(file:|postgres(ql)?:\/\/)/, 'must start with file:, postgres:// or postgresql://')
    .optional(),
  /** Signs the login cookies. By default one is generated at the first start and kept in KUBE40_DATA. */
  KUBE40_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  /** Worker threads for clusters. */
  KUBE40_WORKERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(Math.max(1, availableParallelism() - 1)),
  /** How long a cluster that nobody looks at stays in memory. */
  KUBE40_HIBERNATE_AFTER_SECONDS: seconds.default(60),
});

export interface Environment {
  readonly isProduction: boolean;
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string;
  readonly dataFolder: string;
  readonly databaseUrl: string;
  readonly secret: string | undefined;
  readonly workers: number;
  readonly hibernateAfterMs: number;
}

/** Throws an AppError that names every bad variable at once. */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  // An empty variable means "not set": that is how most tools write it.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new AppError('invalid', { userMessage: `These environment variables cannot be used: ${problems}.` });
  }
  const { data } = parsed;
  return {
    isProduction: data.NODE_ENV === 'production',
    port: data.PORT,
    host: data.HOST,
    publicUrl: data.KUBE40_URL ?? `http://localhost:${data.PORT}`,
    dataFolder: data.KUBE40_DATA,
    databaseUrl: data.DATABASE_URL ?? `file:${path.join(data.KUBE40_DATA, 'kube40.db')}`,
    secret: data.KUBE40_SECRET,
    workers: data.KUBE40_WORKERS,
    hibernateAfterMs: data.KUBE40_HIBERNATE_AFTER_SECONDS * 1000,
  };
}

let environment: Environment | undefined;

/** Read at first use, because a build imports modules that only a running server needs. */
export function getEnvironment(): Environment {
  environment ??= parseEnvironment(process.env);
  return environment;
}

/** Puts other settings in the place of the process's; for tests. */
export function setEnvironment(settings: Environment): void {
  environment = settings;
}
