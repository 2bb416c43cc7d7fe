'use client';

import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../_ui/button.tsx';
import { NoticeBox } from '../_ui/notice-box.tsx';

interface CredentialsFormProps {
  readonly endpoint: 'sign-in/email' | 'sign-up/email';
  readonly submit: string;
  readonly next: string;
  readonly children: ReactNode;
}

const unreachable = 'The server did not answer. Check your connection and try again; nothing was changed.';

async function refusalOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  return typeof message === 'string' && message !== '' ? message : `The server refused this (${response.status}). Try again.`;
}

/** Sends name, address and password to the account service, and goes on where one wanted to. */
export function CredentialsForm({ endpoint, submit, next, children }: CredentialsFormProps) {
  const [error, setError] = useState<string>();
  const [isPending, setIsPending] = useState(false);
  async function send(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const body = endpoint === 'sign-up/email' ? { ...fields, timeZone } : fields;
    setIsPending(true);
    setError(undefined);
    try {
      const response = await fetch(`/api/auth/${endpoint}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (response.ok) return location.assign(next);
      setError(await refusalOf(response));
    } catch {
      setError(unreachable);
    }
    setIsPending(false);
  }
  return (
    <form onSubmit={(event) => void send(event)} className="mt-6 space-y-4">
      {children}
      {error && <NoticeBox level="error">{error}</NoticeBox>}
      <Button type="submit" look="primary" size="lg" className="w-full" disabled={isPending}>
        {isPending ? 'One moment…' : submit}
      </Button>
    </form>
  );
}
