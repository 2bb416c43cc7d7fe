import type { CourseContent, DayContent } from '../content.ts';

const writtenDay: DayContent = {
  id: 'day-05-architecture',
  number: 5,
  title: 'Architecture',
  summary: 'Who does what.',
  objectives: ['Name every component'],
  minutes: 30,
  isWritten: true,
  hash: 'day-5-v1',
  lesson: '## Who is who',
  questions: [
    {
      id: 'q1',
      text: 'Who talks to etcd?',
      hasSeveralAnswers: false,
      options: [
        { id: 'a', text: 'The API server', isRight: true, explanation: 'All others go through it.' },
        { id: 'b', text: 'Everybody', isRight: false, explanation: 'They watch the API server.' },
      ],
    },
    {
      id: 'q2',
      text: 'What runs on every node?',
      hasSeveralAnswers: true,
      options: [
        { id: 'a', text: 'kubelet', isRight: true, explanation: 'It runs the pods.' },
        { id: 'b', text: 'kube-proxy', isRight: true, explanation: 'It writes the rules.' },
        { id: 'c', text: 'etcd', isRight: false, explanation: 'Control plane only.' },
      ],
    },
  ],
  labs: [
    {
      id: 'trace',
      dayId: 'day-05-architecture',
      title: 'Trace a request',
      summary: 'Deploy and look.',
      minutes: 20,
      isCore: true,
      hash: 'lab-trace-v1',
      spec: { nodes: 2 },
      seed: 7,
      intro: 'Begin here.',
      tasks: [{ id: 't1', title: 'Deploy', text: 'Deploy web.' }],
      checks: [{ id: 'deployed', task: 't1', title: 'web runs', mode: 'goal', points: 1, hints: ['Look at kind.', 'Write apiVersion.'] }],
      files: [
        { path: 'web.yaml', text: 'kind: Pod\n', isReadOnly: false },
        { path: 'notes.txt', text: 'Read me.\n', isReadOnly: true },
      ],
    },
  ],
};

/** A course of one written day and one that is announced. */
export const testCourse: CourseContent = {
  engineVersion: '1',
  days: [
    writtenDay,
    {
      ...writtenDay,
      id: 'day-06-install',
      number: 6,
      title: 'Install',
      isWritten: false,
      hash: 'day-6',
      lesson: '',
      questions: [],
      labs: [],
    },
  ],
};
