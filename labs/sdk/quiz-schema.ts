import { z } from 'zod';
import { idSchema } from './day-schema.ts';

const optionSchema = z.strictObject({
  id: idSchema.describe('Unique within the question; kept when texts change.'),
  text: z.string().min(1).describe('The answer, as the student reads it.'),
  right: z.boolean().default(false).describe('Whether it is right.'),
  explanation: z.string().min(10).describe('Why it is right or wrong; shown with the answer.'),
});

const questionSchema = z
  .strictObject({
    id: idSchema.describe('Unique within the quiz; kept when texts change.'),
    text: z.string().min(10).describe('The question. Markdown.'),
    several: z.boolean().default(false).describe('Whether more than one option may be right.'),
    scenario: z.string().optional().describe('For predict-then-run questions: the lab in which it can be tried.'),
    options: z.array(optionSchema).min(2).max(8).describe('The answers to choose from.'),
  })
  .superRefine((question, context) => {
    const right = question.options.filter((option) => option.right).length;
    if (right === 0) context.addIssue({ code: 'custom', path: ['options'], message: 'no option is right' });
    if (right > 1 && !question.several)
      context.addIssue({ code: 'custom', path: ['options'], message: 'more than one option is right: say `several: true`' });
    if (new Set(question.options.map(({ id }) => id)).size < question.options.length)
      context.addIssue({ code: 'custom', path: ['options'], message: 'two options have one id' });
  });

export const quizSchema = z
  .strictObject({ questions: z.array(questionSchema).min(5).describe('In the order in which they are shown.') })
  .refine(({ questions }) => new Set(questions.map(({ id }) => id)).size === questions.length, {
    error: 'two questions have one id',
    path: ['questions'],
  })
  .describe('The questions of a day.');

export type QuizFile = z.infer<typeof quizSchema>;
