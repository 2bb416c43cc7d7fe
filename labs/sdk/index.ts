export type { Cluster, models, ObjectRef, Source, TraceEntry } from '#engine';
export { type Action, actionSchema, durationMs, readStudentFile } from './action.ts';
export { findCelProblem, parseCel } from './cel.ts';
export {
  type AnyCheckKind,
  type CheckContext,
  type CheckKind,
  type CheckKinds,
  type CheckOutcome,
  defineCheck,
  type Expectation,
  fail,
  pass,
} from './check.ts';
export { type DayFile, daySchema } from './day-schema.ts';
export { type Endpoint, readSource, resolveUrl } from './endpoint.ts';
export { findObjects, findPods, findTarget, isReady, kindNamed, readTarget, refOf, shownRef } from './find-objects.ts';
export type { CheckResult, GradeResult } from './grade.ts';
export type { Lab, TextFile } from './lab.ts';
export { type LabProgress, LabRun, type Tick } from './lab-run.ts';
export type { LabCheck, LabFile } from './lab-schema.ts';
export { type Course, type Day, loadCourse, type Question } from './load-course.ts';
export { collectChecks, definePlugin, type Kube40Config, type Plugin } from './plugin.ts';
export { formatProblem, type Problem } from './problem.ts';
