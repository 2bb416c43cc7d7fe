import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError } from '../errors.ts';
import { getAuth } from './auth.ts';

export type Role = 'student' | 'instructor' | 'admin';

/** Whoever is looking: what queries and commands decide by. */
export interface Viewer {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Came in with one click and has no address yet. */
  readonly isGuest: boolean;
  /** Absent for a guest. */
  readonly email?: string;
  /** IANA name, for local dates. */
  readonly timeZone: string;
}

const shared = globalThis as typeof globalThis & { kube40Viewer?: AsyncLocalStorage<Viewer> };
shared.kube40Viewer ??= new AsyncLocalStorage();
const acting = shared.kube40Viewer;

/** Runs queries and commands for a viewer outside a Next request: from a WebSocket, or in a test. */
export function actAs<T>(viewer: Viewer, work: () => T): T {
  return acting.run(viewer, work);
}

function toRole(text: string | null | undefined): Role {
  return text === 'instructor' || text === 'admin' ? text : 'student';
}

/** The viewer that a request's cookies belong to. */
export async function findViewerByHeaders(headers: Headers): Promise<Viewer | undefined> {
  const session = await getAuth().api.getSession({ headers });
  if (!session) return undefined;
  const { id, name, email, isAnonymous, role, timeZone } = session.user;
  const isGuest = isAnonymous === true;
  return { id, name, role: toRole(role), isGuest, timeZone: timeZone ?? 'UTC', ...(!isGuest && { email }) };
}

export async function findViewer(): Promise<Viewer | undefined> {
  const viewer = acting.getStore();
  if (viewer) return viewer;
  // Loaded late: outside Next there is no such request, and a script should not load Next for it.
  const { headers } = await import('next/headers.js');
  return findViewerByHeaders(await headers());
}

export async function requireViewer(): Promise<Viewer> {
  const viewer = await findViewer();
  if (!viewer)
    throw new AppError('notSignedIn', { userMessage: 'You are not signed in, or your session has ended. Sign in, or start as a guest.' });
  return viewer;
}

/** @public For pages that show other people's work. */
export async function requireInstructor(): Promise<Viewer> {
  const viewer = await requireViewer();
  if (viewer.role === 'student')
    throw new AppError('notAllowed', { userMessage: 'This page is for instructors. Ask an administrator for that role.' });
  return viewer;
}
