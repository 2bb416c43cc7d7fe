'use client';

import { MoreHorizontal, Plus } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { type FormEvent, useState } from 'react';
import { IconButton } from '../_ui/button.tsx';
import { classNames } from '../_ui/class-names.ts';
import { menuClass, menuItemClass } from '../_ui/menu-class.ts';
import type { Draft } from './draft-keeper.ts';
import { fileNameProblem } from './file-name.ts';
import { useDrafts, useUi, useWorkspace } from './workspace-context.client.tsx';

interface NameFormProps {
  readonly initial: string;
  readonly label: string;
  readonly onDone: (name: string | undefined) => void;
}

function NameForm({ initial, label, onDone }: NameFormProps) {
  const drafts = useDrafts();
  const [name, setName] = useState(initial);
  const problem = name === initial ? undefined : fileNameProblem(name, [...drafts.keys()]);
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!problem) onDone(name);
  }
  return (
    <form onSubmit={submit} className="relative flex items-center px-1">
      <input
        // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field.
        autoFocus
        aria-label={label}
        aria-invalid={problem !== undefined}
        aria-describedby={problem ? 'file-name-problem' : undefined}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onBlur={() => onDone(undefined)}
        onKeyDown={(event) => event.key === 'Escape' && onDone(undefined)}
        className="h-7 w-40 rounded-md border border-line-strong bg-surface px-2 font-mono text-xs"
      />
      {problem && (
        <p
          id="file-name-problem"
          role="alert"
          className="absolute top-8 left-1 z-20 w-64 rounded-md border border-failed bg-failed-wash px-2 py-1 text-xs text-ink shadow-float"
        >
          {problem}
        </p>
      )}
    </form>
  );
}

function FileTab({ draft, isActive }: { readonly draft: Draft; readonly isActive: boolean }) {
  const { ui } = useWorkspace();
  return (
    <button
      type="button"
      role="tab"
      id={`file-tab-${draft.path}`}
      aria-selected={isActive}
      aria-controls="editor-body"
      tabIndex={isActive ? 0 : -1}
      onClick={() => ui.update((value) => ({ ...value, file: draft.path }))}
      className={classNames(
        'flex h-9 shrink-0 items-center gap-1.5 px-2.5 font-mono text-xs focus-visible:-outline-offset-2',
        isActive ? 'bg-surface text-ink inset-shadow-[0_2px_0_var(--accent)]' : 'text-ink-2 hover:bg-sunken hover:text-ink',
      )}
    >
      {draft.path}
      {draft.status !== 'saved' && (
        <>
          <span
            className={classNames(
              'size-1.5 rounded-full',
              draft.status === 'conflict' || draft.status === 'failed' ? 'bg-failed' : 'bg-ink-3',
            )}
          />
          <span className="sr-only">, not saved yet</span>
        </>
      )}
    </button>
  );
}

function FileMenu({ draft, onRename }: { readonly draft: Draft; readonly onRename: () => void }) {
  const { client, drafts } = useWorkspace();
  async function remove(): Promise<void> {
    const reply = await drafts.remove(draft.path);
    if (!reply.ok) client.notify('error', reply.error.userMessage);
  }
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label={`More for ${draft.path}`}>
          <MoreHorizontal className="size-4" aria-hidden="true" />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menuClass} align="end" sideOffset={4}>
          <DropdownMenu.Item className={menuItemClass} disabled={draft.isReadOnly} onSelect={onRename}>
            Rename {draft.path}
          </DropdownMenu.Item>
          <DropdownMenu.Item className={menuItemClass} disabled={draft.isReadOnly} onSelect={() => void remove()}>
            Delete {draft.path}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function FileTabs() {
  const { drafts: keeper, ui } = useWorkspace();
  const drafts = useDrafts();
  const active = useUi((state) => state.file);
  const [naming, setNaming] = useState<'new' | 'rename'>();
  const list = [...drafts.values()];
  const current = list.find((draft) => draft.path === active);
  function stepTab(step: number): void {
    const next = list.at((list.findIndex((draft) => draft.path === active) + step + list.length) % list.length);
    if (!next) return;
    ui.update((value) => ({ ...value, file: next.path }));
    document.getElementById(`file-tab-${next.path}`)?.focus();
  }
  function named(name: string | undefined): void {
    if (name && naming === 'new') keeper.create(name, '');
    if (name && naming === 'rename' && current && name !== current.path) void keeper.rename(current.path, name);
    if (name) ui.update((value) => ({ ...value, file: name }));
    setNaming(undefined);
  }
  return (
    <>
      <div
        role="tablist"
        aria-label="Files"
        className="scroll-thin flex min-w-0 items-center overflow-x-auto"
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') stepTab(1);
          if (event.key === 'ArrowLeft') stepTab(-1);
        }}
      >
        {list.map((draft) => (
          <FileTab key={draft.path} draft={draft} isActive={draft.path === active} />
        ))}
      </div>
      {naming && (
        <NameForm
          initial={naming === 'rename' ? (current?.path ?? '') : ''}
          label={naming === 'new' ? 'Name of the new file' : 'New name'}
          onDone={named}
        />
      )}
      <IconButton label="New file" onClick={() => setNaming('new')}>
        <Plus className="size-4" aria-hidden="true" />
      </IconButton>
      {current && <FileMenu draft={current} onRename={() => setNaming('rename')} />}
    </>
  );
}
