import { cookies } from 'next/headers';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { AccountView } from '#server/queries/find-account.ts';
import { ButtonLink } from './button.tsx';
import { SignOutButton } from './sign-out-button.client.tsx';
import { parseTheme, themeCookie } from './theme.ts';
import { ThemeToggle } from './theme-toggle.client.tsx';
import { Wordmark } from './wordmark.tsx';

function AccountCorner({ account }: { readonly account: AccountView | undefined }) {
  if (!account) {
    return (
      <ButtonLink href="/sign-in" look="quiet" size="sm">
        Sign in
      </ButtonLink>
    );
  }
  if (account.isGuest) {
    return (
      <>
        <span className="text-sm text-ink-3 max-sm:hidden">Guest</span>
        <ButtonLink href="/claim" look="quiet" size="sm">
          Keep my work
        </ButtonLink>
      </>
    );
  }
  return (
    <>
      <span className="max-w-40 truncate text-sm text-ink-2 max-sm:hidden">{account.name}</span>
      <SignOutButton />
    </>
  );
}

interface SiteFrameProps {
  readonly account: AccountView | undefined;
  readonly children: ReactNode;
}

/** What surrounds every page but the workspace. */
export async function SiteFrame({ account, children }: SiteFrameProps) {
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to the content
      </a>
      <header className="border-b">
        <div className="mx-auto flex h-14 max-w-[80rem] items-center gap-1 px-5 max-sm:px-4">
          <Link href="/" className="mr-4 inline-flex rounded-md" aria-label="kube40, home">
            <Wordmark />
          </Link>
          <nav aria-label="Site" className="flex-1">
            <ButtonLink href="/days" look="quiet" size="sm">
              The 40 days
            </ButtonLink>
          </nav>
          <AccountCorner account={account} />
          <ThemeToggle initial={theme} />
        </div>
      </header>
      <main id="main" className="flex-1">
        {children}
      </main>
      <footer className="border-t">
        <p className="mx-auto max-w-[80rem] px-5 py-5 text-sm text-ink-3 max-sm:px-4">
          The cluster in this course is simulated; its words and rules are those of Kubernetes 1.36.
        </p>
      </footer>
    </div>
  );
}
