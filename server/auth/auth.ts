import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { anonymous } from 'better-auth/plugins';
import { isPostgres } from '../database/open-database.ts';
import { getDatabase } from '../db.ts';
import { getEnvironment } from '../env.ts';
import { moveWork } from './move-work.ts';
import { readOrCreateSecret } from './secret.ts';

/** Set by our own HTTP server on every request; what a browser sends under this name is overwritten. */
export const clientAddressHeader = 'x-kube40-client-address';

/** A class behind one address starts its day together. */
const classroom = 300;

/**
 * The origin that a request was sent to. It is trusted because a browser cannot forge Host: a page of another site that
 * posts here carries its own Origin, which then differs.
 */
function ownOrigins(request: Request | undefined): string[] {
  const host = request?.headers.get('host');
  return host ? [`http://${host}`, `https://${host}`] : [];
}

function createAuth() {
  const { databaseUrl, publicUrl, secret, dataFolder } = getEnvironment();
  return betterAuth({
    appName: 'kube40',
    baseURL: publicUrl,
    secret: secret ?? readOrCreateSecret(dataFolder),
    database: prismaAdapter(getDatabase(), { provider: isPostgres(databaseUrl) ? 'postgresql' : 'sqlite' }),
    trustedOrigins: ownOrigins,
    telemetry: { enabled: false },
    // Said outright, because under a test runner the library would leave these checks out.
    advanced: { disableOriginCheck: false, disableCSRFCheck: false, ipAddress: { ipAddressHeaders: [clientAddressHeader] } },
    emailAndPassword: { enabled: true, minPasswordLength: 8 },
    user: {
      additionalFields: {
        role: { type: 'string', required: false, defaultValue: 'student', input: false },
        timeZone: { type: 'string', required: false, defaultValue: 'UTC' },
      },
    },
    session: { expiresIn: 60 * 60 * 24 * 90, updateAge: 60 * 60 * 24 },
    rateLimit: {
      customRules: {
        '/sign-in/anonymous': { window: 60, max: classroom },
        '/sign-up/email': { window: 60, max: classroom },
        '/sign-in/email': { window: 60, max: classroom },
      },
    },
    plugins: [
      anonymous({
        generateName: () => 'Guest',
        emailDomainName: 'guest.invalid',
        // The guest account is removed afterwards, so everything it did has to move first.
        onLinkAccount: ({ anonymousUser, newUser }) => moveWork(anonymousUser.user.id, newUser.user.id),
      }),
    ],
  });
}

type Auth = ReturnType<typeof createAuth>;

const shared = globalThis as typeof globalThis & { kube40Auth?: Auth };

/** Accounts and login sessions. Made at first use, because a build imports this module without a database. */
export function getAuth(): Auth {
  shared.kube40Auth ??= createAuth();
  return shared.kube40Auth;
}
