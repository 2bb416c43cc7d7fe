import { evaluate } from '@mdx-js/mdx';
import type { ReactNode } from 'react';
import * as runtime from 'react/jsx-runtime';
import remarkGfm from 'remark-gfm';
import { lessonComponents } from './lesson-components.tsx';

/** A lesson's MDX as elements. Lessons come from the course's own folders and plugins, never from a student. */
export async function renderLesson(source: string): Promise<ReactNode> {
  const withoutFrontmatter = source.replace(/^---\n[\s\S]*?\n---\n/, '');
  const { default: Lesson } = await evaluate(withoutFrontmatter, { ...runtime, remarkPlugins: [remarkGfm] });
  return <Lesson components={lessonComponents} />;
}
