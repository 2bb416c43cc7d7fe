import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { findAccount } from '#server/queries/find-account.ts';
import { findLab } from '#server/queries/find-lab.ts';
import { parseDayNumber } from '../../../../_course/parse-day-number.ts';
import { StartForm } from '../../../../_course/start-form.tsx';
import { renderMarkdown } from '../../../../_lesson/render-lesson.tsx';
import { ButtonLink } from '../../../../_ui/button.tsx';
import { PageNotice } from '../../../../_ui/page-notice.tsx';
import { LabDoor } from '../../../../_workspace/lab-door.client.tsx';
import { LabSkeleton } from '../../../../_workspace/lab-skeleton.tsx';
import { startLabAction } from './actions.ts';

interface LabPageProps {
  readonly params: Promise<{ readonly day: string; readonly lab: string }>;
}

async function readLab({ params }: LabPageProps) {
  const { day, lab } = await params;
  const number = parseDayNumber(day);
  return number === undefined ? undefined : findLab(number, lab);
}

export async function generateMetadata(props: LabPageProps): Promise<Metadata> {
  const lab = await readLab(props);
  return { title: lab ? `${lab.title} · Day ${lab.day}` : 'No such lab' };
}

export default async function LabPage(props: LabPageProps) {
  const [lab, account] = await Promise.all([readLab(props), findAccount()]);
  if (!lab) notFound();
  if (!account) {
    const path = `/days/${lab.day}/labs/${lab.id}`;
    return (
      <main>
        <PageNotice
          title={lab.title}
          actions={
            <>
              <StartForm next={path} label="Start as a guest" />
              <ButtonLink href={`/sign-in?next=${encodeURIComponent(path)}`} size="lg">
                Sign in
              </ButtonLink>
            </>
          }
        >
          <p>{lab.summary}</p>
          <p>A lab needs somebody whose cluster it is. As a guest that takes one click, and you can keep your work later.</p>
        </PageNotice>
      </main>
    );
  }
  const tasks = await Promise.all(lab.tasks.map(async ({ text, ...task }) => ({ ...task, body: await renderMarkdown(text) })));
  const shown = { day: lab.day, title: lab.title, intro: await renderMarkdown(lab.intro), tasks };
  return <LabDoor lab={shown} labId={lab.id} startAction={startLabAction} fallback={<LabSkeleton lab={shown} />} />;
}
