'use client';

import { Button, ButtonLink } from './_ui/button.tsx';
import { PageNotice } from './_ui/page-notice.tsx';

interface ErrorPageProps {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <main>
      <PageNotice
        title="This page could not be made"
        actions={
          <>
            <Button look="primary" onClick={reset}>
              Try again
            </Button>
            <ButtonLink href="/days">The 40 days</ButtonLink>
          </>
        }
      >
        <p>
          Something failed on our side while the page was being put together. Your work is kept: files, clusters and progress are saved as
          they happen.
        </p>
        <p>
          Trying again often helps. A controller does the same: it takes the key back into its queue and waits a little longer each time.
          {error.digest && <span className="mt-2 block font-mono text-sm text-ink-3">For the log: {error.digest}</span>}
        </p>
      </PageNotice>
    </main>
  );
}
