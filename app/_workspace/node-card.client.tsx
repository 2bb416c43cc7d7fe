'use client';

import { Power, PowerOff } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { LifeState, ObjectView } from '../../server/gateway/protocol.ts';
import { classNames } from '../_ui/class-names.ts';
import { menuClass, menuItemClass } from '../_ui/menu-class.ts';
import { StateMark } from '../_ui/state-mark.tsx';
import type { NodePicture } from './cluster-picture.ts';
import { ComponentBox } from './component-box.client.tsx';
import { componentPlace } from './places.ts';
import { PodChip } from './pod-chip.client.tsx';
import { useActions } from './use-actions.client.ts';
import type { Activity } from './use-activity.client.ts';
import { selectObject, useWorkspace } from './workspace-context.client.tsx';

export function nodeState({ node, state }: ObjectView): { readonly state: LifeState; readonly word: string } {
  if (!node) return { state, word: 'Unknown' };
  if (!node.poweredOn) return { state: 'failed', word: 'Power off' };
  if (!node.ready) return { state: 'failed', word: 'NotReady' };
  return node.schedulable ? { state: 'running', word: 'Ready' } : { state: 'pending', word: 'Cordoned' };
}

function NodeMenu({ picture }: { readonly picture: NodePicture }) {
  const { client, ui } = useWorkspace();
  const { pull } = useActions();
  const isOn = picture.node.node?.poweredOn ?? true;
  async function press(): Promise<void> {
    const text = await pull({ lever: isOn ? 'powerOffNode' : 'powerOnNode', node: picture.name });
    if (text) client.notify('info', text);
  }
  const { state, word } = nodeState(picture.node);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        data-place={`node/${picture.name}`}
        className="flex w-full flex-wrap items-center justify-between gap-x-2 rounded-t-lg border-b bg-paper px-2 py-1.5 text-left hover:bg-sunken"
      >
        <span className="truncate text-xs font-semibold">{picture.name}</span>
        <StateMark state={state} word={word} className="text-2xs" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={classNames(menuClass, 'w-60')} sideOffset={4}>
          <DropdownMenu.Label className="px-2.5 py-1.5 text-xs text-ink-2">
            {picture.node.node?.ip}
            {picture.node.node?.zone && ` · zone ${picture.node.node.zone}`}
            {picture.node.node?.taints.map((taint) => (
              <span key={taint} className="block font-mono">
                taint {taint}
              </span>
            ))}
          </DropdownMenu.Label>
          <DropdownMenu.Item className={menuItemClass} onSelect={() => selectObject(ui, picture.node.ref, 'trace')}>
            Show its trace
          </DropdownMenu.Item>
          <DropdownMenu.Item className={menuItemClass} onSelect={() => void press()}>
            {isOn ? <PowerOff className="size-4" aria-hidden="true" /> : <Power className="size-4" aria-hidden="true" />}
            {isOn ? `Power off ${picture.name}` : `Power on ${picture.name}`}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function NodeCard({ picture, active }: { readonly picture: NodePicture; readonly active: Activity }) {
  const isOff = picture.node.node?.poweredOn === false;
  return (
    <section
      aria-label={`Node ${picture.name}`}
      className={classNames('flex flex-col rounded-lg border bg-surface', isOff ? 'border-dashed border-failed' : 'border-line-strong')}
    >
      <NodeMenu picture={picture} />
      <div className="border-b p-1">
        {picture.components.map((component) => (
          <ComponentBox
            key={component.name}
            component={component}
            shape="row"
            isActive={active.has(componentPlace(component.name, picture.name))}
          />
        ))}
      </div>
      <div className="flex min-h-14 flex-1 flex-wrap content-start gap-1 p-1.5">
        {picture.pods.map((pod) => (
          <PodChip key={pod.uid} pod={pod} />
        ))}
        {picture.pods.length === 0 && <p className="p-1 text-xs text-ink-3">No pods</p>}
      </div>
    </section>
  );
}
