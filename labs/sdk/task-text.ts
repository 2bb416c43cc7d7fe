/** The parts of a task.mdx: what stands before the first `## id`, and the text under each. */
export interface TaskText {
  readonly intro: string;
  readonly sections: readonly { readonly id: string; readonly line: number; readonly text: string }[];
}

export function readTaskText(source: string): TaskText {
  const lines = source.split('\n');
  const sections: { id: string; line: number; text: string }[] = [];
  let intro = '';
  let isCode = false;
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('```')) isCode = !isCode;
    const heading = isCode ? undefined : /^## (.+)$/.exec(line)?.[1]?.trim();
    const current = sections.at(-1);
    if (heading !== undefined) sections.push({ id: heading, line: index + 1, text: '' });
    else if (current) current.text += `${line}\n`;
    else intro += `${line}\n`;
  }
  return { intro: intro.trim(), sections: sections.map((section) => ({ ...section, text: section.text.trim() })) };
}
