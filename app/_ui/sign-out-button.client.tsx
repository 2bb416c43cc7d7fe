'use client';

import { useState } from 'react';
import { Button } from './button.tsx';

export function SignOutButton() {
  const [isPending, setIsPending] = useState(false);
  async function signOut(): Promise<void> {
    setIsPending(true);
    await fetch('/api/auth/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    location.assign('/');
  }
  return (
    <Button look="quiet" size="sm" disabled={isPending} onClick={() => void signOut()}>
      Sign out
    </Button>
  );
}
