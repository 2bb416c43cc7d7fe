import { codeToHtml } from 'shiki';
import { CopyButton } from '../_ui/copy-button.client.tsx';

const languages = new Set(['yaml', 'bash', 'sh', 'shell', 'json', 'dockerfile', 'ini', 'go', 'js', 'ts', 'text', 'console']);

interface CodeBlockProps {
  readonly code: string;
  readonly language: string;
}

/** Code in a lesson, coloured on the server. Commands and files alike can be copied. */
export async function CodeBlock({ code, language }: CodeBlockProps) {
  const text = code.replace(/\n$/, '');
  const html = await codeToHtml(text, {
    lang: languages.has(language) ? language : 'text',
    themes: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    defaultColor: 'light-dark()',
    // The block's own ground belongs to the page.
    colorReplacements: { '#ffffff': 'transparent', '#0a0c10': 'transparent' },
  });
  return (
    <div className="relative my-6 rounded-lg border bg-surface">
      <div className="absolute top-1.5 right-1.5">
        <CopyButton text={text.replace(/^\$ /gm, '')} label="Copy" />
      </div>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the highlighter escapes the text. */}
      <div className="lesson-code" dangerouslySetInnerHTML={{ __html: html }} />
    </div>
  );
}
