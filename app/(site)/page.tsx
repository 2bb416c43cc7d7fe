import { ArrowRight } from 'lucide-react';
import { findAccount } from '#server/queries/find-account.ts';
import { listDays } from '#server/queries/list-days.ts';
import { HomeHero } from '../_course/home-hero.tsx';
import { StartForm } from '../_course/start-form.tsx';
import { Flow } from '../_lesson/flow.client.tsx';
import { ButtonLink } from '../_ui/button.tsx';

const applySteps = [
  { actor: 'kube-apiserver', text: 'checks who asks and what they ask for' },
  { actor: 'etcd', text: 'stores the Deployment as a new revision' },
  { actor: 'kube-controller-manager', text: 'sees that three pods are missing and makes them' },
  { actor: 'kube-scheduler', text: 'sees pods without a node and chooses one for each' },
  { actor: 'kubelet', text: 'sees a pod for its node and asks the runtime to run it' },
  { actor: 'kube-proxy', text: 'sends requests to the pods that are ready' },
];

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
  return <HomeHero start={start} figure={<Flow title="What happens after kubectl apply" steps={applySteps} startsOpen />} />;
}
