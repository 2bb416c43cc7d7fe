import { expect, test } from 'vitest';
import { z } from 'zod';
import config from '../../kube40.config.ts';
import { giveAnswer } from './answer-steps.ts';
import { defineCheck, fail } from './check.ts';
import { LabRun } from './lab-run.ts';
import { loadCourse } from './load-course.ts';
import { collectChecks } from './plugin.ts';

const kinds = collectChecks(config.plugins);
const day5 = loadCourse(config.plugins).folders.find(({ day }) => day.number === 5)!.labs[0]!;
const [declarative] = day5.solutions;

function solved(): LabRun {
  const run = LabRun.open(day5.lab, kinds, { seed: 3 });
  expect(giveAnswer(run, declarative!)).toBeUndefined();
  return run;
}

test('[LAB-22] grading leaves the student’s cluster as it is, and equal clusters get equal results', () => {
  const run = solved();
  const before = { snapshot: run.snapshot(), now: run.cluster.now, hash: run.cluster.historyHash };
  const first = run.grade();
  expect({ snapshot: run.snapshot(), now: run.cluster.now, hash: run.cluster.historyHash }).toEqual(before);
  expect(run.grade()).toEqual(first);
});

test('[LAB-23] what was reached survives writing down, and goes on counting', () => {
  const run = solved();
  const restored = LabRun.restore(day5.lab, kinds, run.snapshot());
  expect(restored.progress).toEqual(run.progress);
  expect(Object.keys(restored.progress.reached).length).toBeGreaterThan(4);
  expect(restored.grade()).toEqual(run.grade());
  expect(restored.grade().checks.every(({ status }) => status === 'pass')).toBe(true);
});

test('[LAB-24] a milestone is seen between two looks of the student', () => {
  const run = LabRun.open(day5.lab, kinds, { seed: 4 });
  giveAnswer(run, { name: 'deploy', files: declarative!.files.filter(({ path }) => path === 'tides.yaml') });
  run.cluster.stopComponent('etcd');
  run.advance(10_000);
  run.cluster.startComponent('etcd');
  run.advance(60_000);
  expect(run.ticks().find(({ check }) => check === 'etcd-was-off')).toEqual({ check: 'etcd-was-off', status: 'pass' });
});

test('[LAB-25] a changed file that is no YAML is not gradable; line and column are named', () => {
  const run = LabRun.open(day5.lab, kinds, { seed: 5 });
  giveAnswer(run, {
    name: 'broken',
    files: [{ path: 'steps.yaml', text: '- writeFile: { path: answers.yaml, text: "order:\\n  - a\\n b: [\\n" }\n' }],
  });
  const { gradable, because, score, checks } = run.grade();
  expect({ gradable, score, checks }).toEqual({ gradable: false, score: 0, checks: [] });
  expect(because).toMatch(/^answers\.yaml, line \d+, column \d+: /);
});

test('[LAB-26] a check that breaks makes the attempt not count', () => {
  const broken = defineCheck({
    kind: 'broken',
    schema: z.strictObject({}),
    isLive: false,
    literals: () => [],
    evaluate: () => {
      throw new Error('our mistake');
    },
  });
  const check = { ...day5.lab.checks[0]!, id: 'ours', mode: 'goal' as const, expect: { broken: {} } };
  const run = LabRun.open({ ...day5.lab, checks: [check] }, new Map([...kinds, ['broken', broken]]), { seed: 6 });
  const { gradable, checks, because } = run.grade();
  expect({ gradable, status: checks[0]?.status }).toEqual({ gradable: false, status: 'error' });
  expect(because).toContain('our mistake');
});

test('[LAB-27] without an API server a check fails with that reason, and no guard breaks', () => {
  const run = LabRun.open(day5.lab, kinds, { seed: 7 });
  run.cluster.stopComponent('etcd');
  run.advance(30_000);
  const { checks } = run.grade();
  expect(checks.find(({ id }) => id === 'placed-again')?.message).toBe(
    'The API server does not answer, so nobody can see whether this is done.',
  );
  expect(run.progress.broken).toEqual({});
});

test('[LAB-28] a failed check says what was expected, what is there, and why', () => {
  const run = LabRun.open(day5.lab, kinds, { seed: 8 });
  const wrong = day5.nearMisses.find(({ name }) => name === '01-wrong-selector')!;
  giveAnswer(run, wrong);
  const result = run.grade().checks.find(({ id }) => id === 'one-address');
  expect(result).toMatchObject({ status: 'fail', actual: 'the connection was refused', whereObject: { kind: 'Service', name: 'tides' } });
  expect(result?.why?.some(({ text }) => text.includes('app=tide'))).toBe(true);
});

test('[LAB-29] a check that needs another one is not asked before', () => {
  const run = LabRun.open(day5.lab, kinds, { seed: 9 });
  expect(run.grade().checks.find(({ id }) => id === 'all-healthy')).toMatchObject({ status: 'skipped', points: 0 });
});

test('[LAB-30] a broken guard costs its points and stays broken', () => {
  const run = LabRun.open(day5.lab, kinds, { seed: 10 });
  giveAnswer(run, {
    name: 'harm',
    files: [
      {
        path: 'solution.sh',
        text: 'kubectl scale deployment coredns -n kube-system --replicas=0; sleep 1; kubectl scale deployment coredns -n kube-system --replicas=2',
      },
    ],
  });
  expect(run.grade().checks.find(({ id }) => id === 'dns-kept')).toMatchObject({ status: 'fail', points: -5, max: 0 });
});

test('[LAB-31] Day 5 is graded within 150 ms', () => {
  const run = solved();
  run.grade();
  const times = Array.from({ length: 5 }, () => {
    const startedAt = performance.now();
    run.grade();
    return performance.now() - startedAt;
  });
  expect(Math.min(...times)).toBeLessThan(150);
});

test('[LAB-32] a finding of a check that fails is told in its own words', () => {
  const always = defineCheck({
    kind: 'always',
    schema: z.strictObject({}),
    isLive: true,
    literals: () => [],
    evaluate: () => fail({ message: 'Own words.' }),
  });
  const check = { ...day5.lab.checks[0]!, id: 'ours', mode: 'goal' as const, expect: { always: {} } };
  const run = LabRun.open({ ...day5.lab, checks: [check] }, new Map([['always', always]]), { seed: 11 });
  expect(run.ticks()).toEqual([{ check: 'ours', status: 'fail', message: 'Own words.' }]);
});
