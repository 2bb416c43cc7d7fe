import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { findAccount } from '#server/queries/find-account.ts';
import { AccountPage } from '../../_course/account-page.tsx';
import { CredentialsForm } from '../../_course/credentials-form.client.tsx';
import { SignUpFields } from '../../_course/sign-up-fields.tsx';

export const metadata: Metadata = { title: 'Keep my work' };

export default async function ClaimPage() {
  const account = await findAccount();
  if (!account) redirect('/sign-up');
  if (!account.isGuest) redirect('/days');
  return (
    <AccountPage
      title="Keep my work"
      intro="Everything you did as a guest moves to the account: files, clusters, answers, progress. Until then it hangs on this browser alone."
      after={
        <p>
          You have an account already? <Link href="/sign-in">Sign in</Link>, and your guest work joins it.
        </p>
      }
    >
      <CredentialsForm endpoint="sign-up/email" submit="Keep my work" next="/days">
        <SignUpFields />
      </CredentialsForm>
    </AccountPage>
  );
}
