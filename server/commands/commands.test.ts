import { afterAll, expect, test } from 'vitest';
import { actAs } from '../auth/viewer.ts';
import { toLocalDate } from '../lab-sessions/record-activity.ts';
import { recordAttempt } from '../lab-sessions/record-attempt.ts';
import { findDay } from '../queries/find-day.ts';
import { findLab } from '../queries/find-lab.ts';
import { listDays } from '../queries/list-days.ts';
import { createTestServer } from '../testing/test-server.ts';
import { answerQuiz } from './answer-quiz.ts';
import { markLessonRead } from './mark-lesson-read.ts';
import { startLab } from './start-lab.ts';
import { useHint } from './use-hint.ts';

const server = await createTestServer();
afterAll(() => server[Symbol.asyncDispose]());

const grade = (score: number) =>
  ({
    attempt: 1,
    gradable: true,
    score,
    max: 1,
    milliseconds: 1,
    checks: [
      {
        id: 'deployed',
        task: 't1',
        title: 'web runs',
        mode: 'goal',
        points: score,
        max: 1,
        status: score === 1 ? 'pass' : 'fail',
        expected: 'web',
      },
    ],
  }) as const;

test('a day is worked through: lesson, lab, quiz, and the map says what is next', async () => {
  const viewer = await server.createViewer('ada');
  await actAs(viewer, async () => {
    const next = async () => (await listDays()).next?.label;
    expect(await next()).toBe('Day 5: read the lesson');
    await markLessonRead({ day: 5 });
    await markLessonRead({ day: 5 });
    expect(await next()).toBe('Day 5: Trace a request');

    const { session } = await startLab({ day: 5, lab: 'trace' });
    const context = { userId: viewer.id, timeZone: viewer.timeZone, labSessionId: session };
    await recordAttempt(context, grade(1));
    await recordAttempt(context, grade(0));
    expect(await next()).toBe('Day 5: take the quiz');

    expect(await answerQuiz({ day: 5, question: 'q1', chosen: ['b'] })).toMatchObject({ isCorrect: false, correct: ['a'] });
    await answerQuiz({ day: 5, question: 'q1', chosen: ['a'] });
    expect((await findDay(5))?.labs[0]).toMatchObject({ state: 'done', score: 1, max: 1 });
    await answerQuiz({ day: 5, question: 'q2', chosen: ['b', 'a'] });
    expect(await listDays()).toMatchObject({
      next: undefined,
      days: [{ lesson: 'done', quiz: 'done', labs: 'done' }, { isAvailable: false }],
    });
  });
});

test('opening a lab twice, even at once, is one session', async () => {
  const viewer = await server.createViewer('grace');
  const sessions = await actAs(viewer, () => Promise.all([1, 2, 3].map(() => startLab({ day: 5, lab: 'trace' }))));
  expect(new Set(sessions.map(({ session }) => session)).size).toBe(1);
});

test('hints come one by one and end', async () => {
  const viewer = await server.createViewer('alan');
  const key = { dayId: 'day-05-architecture', labId: 'trace', checkId: 'deployed' };
  const shown = [];
  for (let i = 0; i < 3; i++) shown.push(await actAs(viewer, () => useHint(key)));
  expect(shown.map(({ hints, remaining }) => [hints.length, remaining])).toEqual([
    [1, 1],
    [2, 0],
    [2, 0],
  ]);
});

test('what a student must not see is not in a view', async () => {
  const viewer = await server.createViewer('kay');
  const views = await actAs(viewer, async () => JSON.stringify([await findDay(5), await findLab(5, 'trace')]));
  for (const secret of ['Look at kind', 'All others go through it', 'isRight']) expect(views).not.toContain(secret);
});

test('a day that is not written, a lab that does not exist, an option that nobody offered', async () => {
  const viewer = await server.createViewer('don');
  await actAs(viewer, async () => {
    expect(await findDay(6)).toBeUndefined();
    await expect(startLab({ day: 5, lab: 'nope' })).rejects.toMatchObject({ code: 'notFound' });
    await expect(answerQuiz({ day: 5, question: 'q1', chosen: ['z'] })).rejects.toMatchObject({ code: 'invalid' });
  });
});

test('the date of an activity is the one on the wall of the student', () => {
  const at = new Date('2026-03-01T12:30:00Z');
  expect([toLocalDate(at, 'Pacific/Auckland'), toLocalDate(at, 'UTC'), toLocalDate(at, 'Nowhere/At-All')]).toEqual([
    '2026-03-02',
    '2026-03-01',
    '2026-03-01',
  ]);
});
