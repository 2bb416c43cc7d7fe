import { evaluate } from '@mdx-js/mdx';
import type { ReactNode } from 'react';
import * as runtime from 'react/jsx-runtime';
import remarkGfm from 'remark-gfm';
import { lessonComponents } from './lesson-components.tsx';

type MDXContent = Awaited<ReturnType<typeof evaluate>>['default'];

// The course's texts are few and stay the same while the process lives.
const compiled = new Map<string, Promise<MDXContent>>();

function compile(source: string, format: 'mdx' | 'md'): Promise<MDXContent> {
  const key = `${format} ${source}`;
  const known = compiled.get(key) ?? evaluate(source, { ...runtime, format, remarkPlugins: [remarkGfm] }).then((module) => module.default);
  compiled.set(key, known);
  return known;
}

/** A lesson's MDX as elements. Lessons come from the course's own folders and plugins, never from a student. */
export async function renderLesson(source: string): Promise<ReactNode> {
  const Lesson = await compile(source.replace(/^---\n[\s\S]*?\n---\n/, ''), 'mdx');
  return <Lesson components={lessonComponents} />;
}

/** Plain Markdown, in which nothing can run: tasks may be written in the browser. */
export async function renderMarkdown(source: string): Promise<ReactNode> {
  const Text = await compile(source, 'md');
  return <Text />;
}
