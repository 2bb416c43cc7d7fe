import { ArrowRight } from 'lucide-react';
import { findAccount } from '#server/queries/find-account.ts';
import { listDays } from '#server/queries/list-days.ts';
import { HomeHero } from '../_course/home-hero.tsx';
import { StartForm } from '../_course/start-form.tsx';
import { LiveCluster } from '../_live/live-cluster.client.tsx';
import { ButtonLink } from '../_ui/button.tsx';

export default async function HomePage() {
  const [account, map] = await Promise.all([findAccount(), listDays()]);
  const next = map.next ?? { label: 'The 40 days', href: '/days' };
  const start = account ? (
    <ButtonLink href={next.href} look="primary" size="lg">
      {next.label}
      <ArrowRight className="size-4" aria-hidden="true" />
    </ButtonLink>
  ) : (
    <>
      <StartForm next="/days" />
      <span className="text-sm text-ink-3">As a guest, in one click. You can keep your work later.</span>
    </>
  );
  return (
    <HomeHero
      start={start}
      figure={<LiveCluster caption="A cluster of two nodes, running in this page. Press anything on it to break it." />}
    />
  );
}
