import { ButtonLink } from './_ui/button.tsx';
import { PageNotice } from './_ui/page-notice.tsx';

export default function NotFound() {
  return (
    <main>
      <PageNotice
        said={'$ kubectl get page\nError from server (NotFound): pages "this-one" not found'}
        title="There is no page at this address"
        actions={
          <>
            <ButtonLink href="/days" look="primary">
              The 40 days
            </ButtonLink>
            <ButtonLink href="/">Home</ButtonLink>
          </>
        }
      >
        <p>
          NotFound is a cluster&rsquo;s plainest answer: the name is right in form, and nothing is stored under it. When kubectl says it,
          look at the spelling first and at the namespace second.
        </p>
      </PageNotice>
    </main>
  );
}
