'use client';

import { DropdownMenu } from 'radix-ui';
import type { ComponentView, LifeState } from '../../server/gateway/protocol.ts';
import { classNames } from '../_ui/class-names.ts';
import { componentName, Glyph } from '../_ui/glyphs.tsx';
import { menuClass, menuItemClass } from '../_ui/menu-class.ts';
import { StateMark } from '../_ui/state-mark.tsx';
import { componentPlace } from './places.ts';
import { useActions } from './use-actions.client.ts';
import { useWorkspace } from './workspace-context.client.tsx';

const healthStates: Record<ComponentView['health'], LifeState> = { running: 'running', stopped: 'failed', failing: 'failed' };
const healthWords: Record<ComponentView['health'], string> = { running: 'running', stopped: 'stopped', failing: 'failing' };

interface ComponentBoxProps {
  readonly component: ComponentView;
  readonly isActive: boolean;
  /** `row` is one line inside a node; `box` stands in the control plane. */
  readonly shape: 'box' | 'row' | 'hub';
}

/** One component of the cluster; a press opens its levers. */
export function ComponentBox({ component, isActive, shape }: ComponentBoxProps) {
  const { client } = useWorkspace();
  const { pull } = useActions();
  const { name, node, health } = component;
  const lever = health === 'stopped' ? 'startComponent' : 'stopComponent';
  const place = node ? `${componentName(name)} on ${node}` : componentName(name);
  async function press(): Promise<void> {
    const text = await pull({ lever, component: name, ...(node === undefined ? {} : { node }) });
    if (text) client.notify('info', text);
  }
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        data-place={shape === 'row' ? componentPlace(name, node) : name}
        className={classNames(
          'flex min-w-0 items-center text-left transition-[border-color,background-color] duration-150',
          shape === 'row'
            ? 'w-full gap-1.5 rounded-sm px-1 py-0.5 text-xs hover:bg-sunken'
            : 'gap-2 rounded-md border bg-surface px-2 py-1.5 hover:border-accent',
          shape === 'hub' && 'flex-col gap-1 px-3 py-2.5 text-center',
          shape !== 'row' &&
            (isActive ? 'border-accent bg-accent-wash' : health === 'running' ? 'border-line-strong' : 'border-failed bg-failed-wash'),
        )}
      >
        <Glyph
          name={name}
          className={classNames(
            shape === 'row' ? 'size-4' : shape === 'hub' ? 'size-7' : 'size-5',
            isActive ? 'text-accent-ink' : 'text-ink-2',
          )}
        />
        <span className={classNames('min-w-0', shape === 'row' && 'flex flex-1 flex-wrap items-center justify-between gap-x-1')}>
          <span className={classNames('block leading-tight', shape !== 'row' && 'text-xs font-medium text-balance')}>
            {shape === 'row' && name === 'containerd' ? 'runtime' : componentName(name)}
          </span>
          <StateMark
            state={healthStates[health]}
            word={healthWords[health]}
            hideWord={shape === 'row' && health === 'running'}
            className="text-2xs"
          />
          {shape === 'row' && health === 'running' && <span className="sr-only">running</span>}
        </span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={classNames(menuClass, 'w-64')} sideOffset={4}>
          <DropdownMenu.Label className="px-2.5 py-1.5">
            <span className="block font-semibold">{place}</span>
            <span className="block text-xs text-ink-2">{component.detail}</span>
          </DropdownMenu.Label>
          <DropdownMenu.Item className={menuItemClass} onSelect={() => void press()}>
            {health === 'stopped' ? `Start ${componentName(name)}` : `Stop ${componentName(name)}`}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
