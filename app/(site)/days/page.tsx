import type { Metadata } from 'next';
import { listDays } from '#server/queries/list-days.ts';
import { CourseMap } from '../../_course/course-map.tsx';

export const metadata: Metadata = { title: 'The 40 days' };

export default async function DaysPage() {
  return <CourseMap map={await listDays()} />;
}
