'use client';

import { ChevronLeft, Keyboard, LayoutPanelLeft, RotateCcw, Search } from 'lucide-react';
import Link from 'next/link';
import { DropdownMenu } from 'radix-ui';
import { Button, IconButton } from '../_ui/button.tsx';
import { KeyCaps } from '../_ui/key-caps.tsx';
import { menuClass, menuItemClass } from '../_ui/menu-class.ts';
import { ProgressRing } from '../_ui/progress-ring.tsx';
import { ClockControls } from './clock-controls.client.tsx';
import { commandKey } from './command-key.ts';
import { applyPreset, type LayoutPreset, presetNames } from './layout-presets.ts';
import type { OpenDialog } from './ui-state.ts';
import { useActions } from './use-actions.client.ts';
import { useSession, useWorkspace } from './workspace-context.client.tsx';

function LayoutMenu() {
  const names = Object.keys(presetNames) as LayoutPreset[];
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label="Layout" className="max-lg:hidden">
          <LayoutPanelLeft className="size-4" aria-hidden="true" />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menuClass} align="end" sideOffset={6}>
          {names.map((name) => (
            <DropdownMenu.Item key={name} className={menuItemClass} onSelect={() => applyPreset(name)}>
              {presetNames[name]}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function PassCount() {
  const { lab } = useWorkspace();
  const ticks = useSession((state) => state.ticks);
  const checks = lab.tasks.flatMap((task) => task.checks);
  const passed = checks.filter((check) => ticks.get(check.id)?.status === 'pass').length;
  return (
    <span className="flex items-center gap-1.5 text-running" title="Checks that hold at this moment">
      <ProgressRing done={passed} total={checks.length} />
      <span className="tabular text-sm font-medium text-ink">
        {passed}/{checks.length}
        <span className="sr-only"> checks hold at this moment</span>
      </span>
    </span>
  );
}

export function WorkspaceHeader() {
  const { lab, ui } = useWorkspace();
  const actions = useActions();
  const open = (dialog: OpenDialog) => ui.update((value) => ({ ...value, dialog }));
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b bg-paper px-2 max-md:gap-1">
      <Link
        href={`/days/${lab.day}`}
        className="flex min-w-0 items-center gap-1 rounded-md px-1.5 py-1 text-sm text-ink-2 hover:bg-sunken hover:text-ink max-md:max-w-9"
        aria-label={`Back to day ${lab.day}`}
      >
        <ChevronLeft className="size-4 shrink-0" aria-hidden="true" />
        <span className="whitespace-nowrap max-md:hidden">Day {lab.day}</span>
      </Link>
      <h1 className="min-w-0 truncate text-sm font-semibold max-lg:max-w-40 max-md:sr-only">{lab.title}</h1>
      <div className="flex min-w-0 flex-1 items-center justify-center">
        <ClockControls />
      </div>
      <div className="flex items-center gap-0.5 max-lg:hidden">
        <IconButton label={`Palette (${commandKey}+K)`} onClick={() => open('palette')}>
          <Search className="size-4" aria-hidden="true" />
        </IconButton>
        <LayoutMenu />
        <IconButton label="Keys (?)" onClick={() => open('keys')}>
          <Keyboard className="size-4" aria-hidden="true" />
        </IconButton>
        <IconButton label="Start over" onClick={() => open('reset')}>
          <RotateCcw className="size-4" aria-hidden="true" />
        </IconButton>
      </div>
      <PassCount />
      <Button look="primary" size="sm" className="h-8 px-3" disabled={actions.isChecking} onClick={actions.check}>
        {actions.isChecking ? 'Checking…' : 'Check'}
        <span className="ml-1 max-xl:hidden" aria-hidden="true">
          <KeyCaps keys={`${commandKey}+⇧+↵`} />
        </span>
      </Button>
    </header>
  );
}
