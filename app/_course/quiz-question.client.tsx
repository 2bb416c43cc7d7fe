'use client';

import { type FormEvent, useState, useTransition } from 'react';
import type { ActionResult } from '#server/commands/to-action-result.ts';
import type { QuizAnswerView, QuizQuestionView } from '#server/queries/find-day.ts';
import { OptionExplanation } from '../_lesson/option-explanation.tsx';
import { Button } from '../_ui/button.tsx';
import { InlineCode } from '../_ui/inline-code.tsx';
import { NoticeBox } from '../_ui/notice-box.tsx';

interface QuizQuestionProps {
  readonly day: number;
  readonly number: number;
  readonly question: QuizQuestionView;
  readonly answerAction: (day: number, question: string, chosen: readonly string[]) => Promise<ActionResult<QuizAnswerView>>;
}

export function QuizQuestion({ day, number, question, answerAction }: QuizQuestionProps) {
  const [answer, setAnswer] = useState(question.answer);
  const [chosen, setChosen] = useState<readonly string[]>(question.answer?.chosen ?? []);
  const [error, setError] = useState<string>();
  const [isPending, startTransition] = useTransition();
  function choose(option: string, isChosen: boolean): void {
    if (!question.takesSeveral) setChosen([option]);
    else setChosen(isChosen ? [...chosen, option] : chosen.filter((one) => one !== option));
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    startTransition(async () => {
      const result = await answerAction(day, question.id, chosen);
      setError(result.ok ? undefined : result.userMessage);
      if (result.ok) setAnswer(result.value);
    });
  }
  return (
    <form onSubmit={submit} className="border-t py-6">
      <fieldset disabled={isPending}>
        <legend className="text-lesson font-semibold">
          <span className="tabular mr-2 text-ink-3">{number}</span>
          <InlineCode text={question.text} />
          {question.takesSeveral && <span className="ml-2 text-sm font-normal text-ink-3">Choose all that are so.</span>}
        </legend>
        <div className="mt-3 space-y-2">
          {question.options.map((option) => (
            <div key={option.id}>
              <label className="flex cursor-pointer items-start gap-3 rounded-md border border-line-strong bg-surface px-3 py-2 has-checked:border-accent has-checked:bg-accent-wash has-disabled:cursor-default">
                <input
                  type={question.takesSeveral ? 'checkbox' : 'radio'}
                  name={question.id}
                  value={option.id}
                  className="mt-1 accent-accent"
                  disabled={answer !== undefined}
                  checked={chosen.includes(option.id)}
                  onChange={(event) => choose(option.id, event.target.checked)}
                />
                <span className="min-w-0">
                  <InlineCode text={option.text} />
                </span>
              </label>
              {answer && (
                <OptionExplanation
                  isRight={answer.correct.includes(option.id)}
                  wasChosen={answer.chosen.includes(option.id)}
                  text={answer.explanations[option.id] ?? ''}
                />
              )}
            </div>
          ))}
        </div>
      </fieldset>
      {error && (
        <NoticeBox level="error" className="mt-3">
          {error}
        </NoticeBox>
      )}
      {answer ? (
        <p className="mt-3 flex items-center gap-3" role="status">
          <strong className="font-semibold">{answer.isCorrect ? 'Right.' : 'Not yet.'}</strong>
          {!answer.isCorrect && (
            <Button
              size="sm"
              onClick={() => {
                setAnswer(undefined);
                setChosen([]);
              }}
            >
              Try again
            </Button>
          )}
        </p>
      ) : (
        <Button type="submit" className="mt-4" disabled={chosen.length === 0 || isPending}>
          {isPending ? 'Looking…' : 'Answer'}
        </Button>
      )}
    </form>
  );
}
