'use client';

import { Command } from 'cmdk';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { objectLabel } from '../_session/session-state.ts';
import { overlayClass } from '../_ui/dialog-class.ts';
import { StateMark } from '../_ui/state-mark.tsx';
import { applyPreset, type LayoutPreset, presetNames } from './layout-presets.ts';
import { useActions } from './use-actions.client.ts';
import { selectObject, useDrafts, useSession, useUi, useWorkspace } from './workspace-context.client.tsx';

const itemClass =
  'flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-1.5 text-sm data-[selected=true]:bg-accent-wash data-[selected=true]:text-accent-ink';
const groupClass =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3';
const dayCount = 40;

interface EntryProps {
  readonly run: () => void;
  readonly words: string;
  readonly children?: ReactNode;
}

function Entry({ run, words, children }: EntryProps) {
  const { ui } = useWorkspace();
  return (
    <Command.Item
      value={words}
      className={itemClass}
      onSelect={() => {
        ui.update((value) => ({ ...value, dialog: undefined }));
        run();
      }}
    >
      {children ?? words}
    </Command.Item>
  );
}

function CommandEntries() {
  const { ui } = useWorkspace();
  const actions = useActions();
  const clock = useSession((state) => state.clock);
  return (
    <Command.Group heading="Do" className={groupClass}>
      <Entry words="Apply the open file" run={actions.applyFile} />
      <Entry words="Check the lab" run={actions.check} />
      <Entry
        words={clock?.paused ? 'Run the clock' : 'Pause the clock'}
        run={() => void actions.send({ type: 'setClock', paused: !clock?.paused })}
      />
      <Entry words="Skip to the next change" run={() => void actions.send({ type: 'skipClock' })} />
      <Entry
        words="Show the cluster as a table"
        run={() => ui.update((value) => ({ ...value, insight: 'cluster', clusterAs: 'table', phonePane: 'cluster' }))}
      />
      <Entry
        words="Show the cluster as a picture"
        run={() => ui.update((value) => ({ ...value, insight: 'cluster', clusterAs: 'picture', phonePane: 'cluster' }))}
      />
      {(Object.keys(presetNames) as LayoutPreset[]).map((name) => (
        <Entry key={name} words={`Layout: ${presetNames[name]}`} run={() => applyPreset(name)} />
      ))}
      <Entry words="Start the lab over" run={() => ui.update((value) => ({ ...value, dialog: 'reset' }))} />
    </Command.Group>
  );
}

function PlaceEntries() {
  const { ui } = useWorkspace();
  const router = useRouter();
  const objects = useSession((state) => state.objects);
  const drafts = useDrafts();
  return (
    <>
      <Command.Group heading="Files" className={groupClass}>
        {[...drafts.keys()].map((path) => (
          <Entry key={path} words={path} run={() => ui.update((value) => ({ ...value, file: path, phonePane: 'editor' }))} />
        ))}
      </Command.Group>
      <Command.Group heading="Objects" className={groupClass}>
        {[...objects.values()].map((object) => (
          <Entry key={object.uid} words={objectLabel(object.ref)} run={() => selectObject(ui, object.ref, 'trace')}>
            <StateMark state={object.state} hideWord />
            <span className="truncate">{objectLabel(object.ref)}</span>
            <span className="ml-auto text-xs text-ink-3">{object.status}</span>
          </Entry>
        ))}
      </Command.Group>
      <Command.Group heading="Go to" className={groupClass}>
        <Entry words="The 40 days" run={() => router.push('/days')} />
        {Array.from({ length: dayCount }, (_, index) => index + 1).map((day) => (
          <Entry key={day} words={`Day ${day}`} run={() => router.push(`/days/${day}`)} />
        ))}
      </Command.Group>
    </>
  );
}

export function CommandPalette() {
  const { ui } = useWorkspace();
  const isOpen = useUi((state) => state.dialog === 'palette');
  return (
    <Command.Dialog
      open={isOpen}
      onOpenChange={(next) => ui.update((value) => ({ ...value, dialog: next ? 'palette' : undefined }))}
      label="Palette"
      overlayClassName={overlayClass}
      contentClassName="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-raised text-ink shadow-float"
      loop
    >
      <Command.Input
        placeholder="An object, a file, a command…"
        className="h-12 w-full border-b bg-transparent px-4 text-base outline-none placeholder:text-ink-3"
      />
      <Command.List className="scroll-thin max-h-[50vh] overflow-auto p-1.5">
        <Command.Empty className="px-3 py-6 text-center text-sm text-ink-3">Nothing has that name.</Command.Empty>
        <CommandEntries />
        <PlaceEntries />
      </Command.List>
    </Command.Dialog>
  );
}
