import { Children, type ComponentProps, isValidElement, type ReactNode } from 'react';
import { LiveCluster } from '../_live/live-cluster.client.tsx';
import { componentName, Glyph } from '../_ui/glyphs.tsx';
import { ScrollRegion } from '../_ui/scroll-region.tsx';
import { ArchitectureFigure } from './architecture-figure.tsx';
import { CodeBlock } from './code-block.tsx';
import { Flow } from './flow.client.tsx';
import { headingId, plainText } from './heading-id.ts';
import { Predict } from './predict.client.tsx';

function Heading2({ children }: ComponentProps<'h2'>) {
  return <h2 id={headingId(plainText(children))}>{children}</h2>;
}

function Heading3({ children }: ComponentProps<'h3'>) {
  return <h3 id={headingId(plainText(children))}>{children}</h3>;
}

/** A fenced block arrives as `<pre><code className="language-yaml">`. */
function Pre({ children }: ComponentProps<'pre'>) {
  if (!isValidElement<{ className?: string; children?: ReactNode }>(children)) return <pre>{children}</pre>;
  const language = children.props.className?.replace('language-', '') ?? 'text';
  return <CodeBlock code={plainText(children.props.children)} language={language} />;
}

/** The words of a table's header cells, which tell it from the other tables of the page. */
function headerCells(node: ReactNode): readonly string[] {
  return Children.toArray(node).flatMap((child) => {
    if (!isValidElement<{ children?: ReactNode }>(child)) return [];
    return child.type === 'th' ? [plainText(child.props.children)] : headerCells(child.props.children);
  });
}

function Table(props: ComponentProps<'table'>) {
  return (
    <ScrollRegion label={`Table: ${headerCells(props.children).filter(Boolean).join(', ')}`} className="my-6 overflow-x-auto">
      <table {...props} />
    </ScrollRegion>
  );
}

/** A note beside the text on a wide screen, and in it on a narrow one. */
function Aside({ children }: { readonly children: ReactNode }) {
  return <aside className="lesson-aside">{children}</aside>;
}

/** One component of the cluster, introduced with its glyph. */
function Component({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="my-5 flex gap-4">
      <span className="mt-1 flex size-11 shrink-0 items-center justify-center rounded-lg border border-line-strong bg-surface text-accent-ink">
        <Glyph name={name} className="size-6" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{componentName(name)}</p>
        {children}
      </div>
    </div>
  );
}

/** What a lesson may use beside Markdown. `app/_lesson/README.md` tells authors. */
export const lessonComponents = {
  h2: Heading2,
  h3: Heading3,
  pre: Pre,
  table: Table,
  Aside,
  Component,
  ArchitectureFigure,
  Flow,
  LiveCluster,
  Predict,
};
