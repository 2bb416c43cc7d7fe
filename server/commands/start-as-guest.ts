import { getAuth } from '../auth/auth.ts';
import { findViewerByHeaders } from '../auth/viewer.ts';

/**
 * Lets somebody in with one click. Gives the `set-cookie` values for the answer; none when they are in already. For a
 * route handler, so that the button works before any script has loaded.
 */
export async function startAsGuest(headers: Headers): Promise<readonly string[]> {
  if (await findViewerByHeaders(headers)) return [];
  const response = await getAuth().api.signInAnonymous({ headers, asResponse: true });
  return response.headers.getSetCookie();
}
