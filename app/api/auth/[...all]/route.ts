import { getAuth } from '#server/auth/auth.ts';

/** Sign-up, sign-in and sign-out, as better-auth speaks them. */
function handle(request: Request): Promise<Response> {
  return getAuth().handler(request);
}

export { handle as GET, handle as POST };
