import { findViewer } from '../auth/viewer.ts';

export interface AccountView {
  readonly name: string;
  readonly isGuest: boolean;
  readonly isInstructor: boolean;
}

/** Who is signed in, for the corner of every page. */
export async function findAccount(): Promise<AccountView | undefined> {
  const viewer = await findViewer();
  return viewer && { name: viewer.name, isGuest: viewer.isGuest, isInstructor: viewer.role !== 'student' };
}
