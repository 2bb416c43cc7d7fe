import { startAsGuest } from '#server/commands/start-as-guest.ts';
import { safePath } from '../_course/safe-path.ts';

/** "Start": a guest account in one click, then on to the course. */
export async function POST(request: Request): Promise<Response> {
  const form = await request.formData();
  const headers = new Headers({ location: safePath(form.get('next')) });
  for (const cookie of await startAsGuest(request.headers)) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}

/** Somebody typed the address or reloaded it. */
export function GET(): Response {
  return new Response(null, { status: 303, headers: { location: '/' } });
}
