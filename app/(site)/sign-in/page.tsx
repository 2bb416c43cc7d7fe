import type { Metadata } from 'next';
import Link from 'next/link';
import { AccountPage } from '../../_course/account-page.tsx';
import { CredentialsForm } from '../../_course/credentials-form.client.tsx';
import { safePath } from '../../_course/safe-path.ts';
import { TextField } from '../../_ui/text-field.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: { readonly searchParams: Promise<{ readonly next?: string }> }) {
  const next = safePath((await searchParams).next);
  return (
    <AccountPage
      title="Sign in"
      intro="Your clusters, files and progress are as you left them."
      after={
        <p>
          No account? <Link href={`/sign-up?next=${encodeURIComponent(next)}`}>Make one</Link>, or start as a guest on the{' '}
          <Link href="/">home page</Link>.
        </p>
      }
    >
      <CredentialsForm endpoint="sign-in/email" submit="Sign in" next={next}>
        <TextField label="E-mail address" name="email" type="email" autoComplete="email" required />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      </CredentialsForm>
    </AccountPage>
  );
}
