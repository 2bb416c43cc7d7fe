'use client';

import { type ReactNode, useEffect } from 'react';
import { Group, Panel, Separator, useGroupRef } from 'react-resizable-panels';
import { classNames } from '../_ui/class-names.ts';
import { type LayoutPreset, layoutEvent, presets, readLayout, writeLayout } from './layout-presets.ts';
import type { PaneName } from './ui-state.ts';

function Divider({ label, isVertical }: { readonly label: string; readonly isVertical: boolean }) {
  return (
    <Separator
      aria-label={label}
      className={classNames(
        'relative bg-line transition-colors duration-150 hover:bg-accent focus-visible:bg-accent data-[separator=active]:bg-accent',
        isVertical
          ? 'w-px before:absolute before:inset-y-0 before:-left-1 before:w-2'
          : 'h-px before:absolute before:inset-x-0 before:-top-1 before:h-2',
      )}
    />
  );
}

/** Tasks, editor over terminal, cluster. Resized by drag, by arrow keys on a divider, or by a preset. */
export function PaneGrid({ panes }: { readonly panes: Readonly<Record<PaneName, ReactNode>> }) {
  const columns = useGroupRef();
  const rows = useGroupRef();
  const saved = readLayout();
  useEffect(() => {
    function applyPreset(event: Event): void {
      const preset = presets[(event as CustomEvent<LayoutPreset>).detail];
      columns.current?.setLayout(preset.columns);
      rows.current?.setLayout(preset.rows);
    }
    window.addEventListener(layoutEvent, applyPreset);
    return () => window.removeEventListener(layoutEvent, applyPreset);
  }, [columns, rows]);
  return (
    <Group
      groupRef={columns}
      orientation="horizontal"
      defaultLayout={saved.columns}
      onLayoutChanged={(layout) => writeLayout({ columns: layout })}
      className="h-full"
    >
      <Panel id="tasks" minSize="14%">
        {panes.tasks}
      </Panel>
      <Divider label="Width of the tasks" isVertical />
      <Panel id="work" minSize="20%">
        <Group
          groupRef={rows}
          orientation="vertical"
          defaultLayout={saved.rows}
          onLayoutChanged={(layout) => writeLayout({ rows: layout })}
          className="h-full"
        >
          <Panel id="editor" minSize="15%">
            {panes.editor}
          </Panel>
          <Divider label="Height of the editor" isVertical={false} />
          <Panel id="terminal" minSize="10%">
            {panes.terminal}
          </Panel>
        </Group>
      </Panel>
      <Divider label="Width of the cluster" isVertical />
      <Panel id="cluster" minSize="18%">
        {panes.cluster}
      </Panel>
    </Group>
  );
}
