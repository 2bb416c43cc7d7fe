import type { Metadata } from 'next';
import Link from 'next/link';
import { AccountPage } from '../../_course/account-page.tsx';
import { CredentialsForm } from '../../_course/credentials-form.client.tsx';
import { safePath } from '../../_course/safe-path.ts';
import { SignUpFields } from '../../_course/sign-up-fields.tsx';

export const metadata: Metadata = { title: 'Make an account' };

export default async function SignUpPage({ searchParams }: { readonly searchParams: Promise<{ readonly next?: string }> }) {
  const next = safePath((await searchParams).next);
  return (
    <AccountPage
      title="Make an account"
      intro="So that your progress is yours on every device."
      after={
        <p>
          You have one? <Link href={`/sign-in?next=${encodeURIComponent(next)}`}>Sign in</Link>.
        </p>
      }
    >
      <CredentialsForm endpoint="sign-up/email" submit="Make the account" next={next}>
        <SignUpFields />
      </CredentialsForm>
    </AccountPage>
  );
}
