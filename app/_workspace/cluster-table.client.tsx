'use client';

import { useMemo } from 'react';
import type { ComponentView, ObjectView } from '../../server/gateway/protocol.ts';
import { isSameObject } from '../_session/session-state.ts';
import { Button } from '../_ui/button.tsx';
import { classNames } from '../_ui/class-names.ts';
import { componentName, Glyph } from '../_ui/glyphs.tsx';
import { ScrollRegion } from '../_ui/scroll-region.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { componentPlace } from './places.ts';
import { useActions } from './use-actions.client.ts';
import { selectObject, useSession, useUi, useWorkspace } from './workspace-context.client.tsx';

const headClass = 'sticky top-0 bg-surface px-2 py-1 text-left text-2xs font-medium tracking-wide text-ink-3 whitespace-nowrap';
const cellClass = 'px-2 py-0.5 h-7 whitespace-nowrap';
// Name and state have columns of their own.
const shownAnyway = new Set(['NAME', 'STATUS']);
const kindOrder = ['Node', 'Pod', 'Deployment', 'ReplicaSet', 'Service', 'EndpointSlice'];

function ComponentTable({ components }: { readonly components: readonly ComponentView[] }) {
  const { pull } = useActions();
  return (
    <table className="w-full text-xs">
      <caption className="px-2 pt-3 pb-1 text-left text-sm font-semibold">Components</caption>
      <thead>
        <tr>
          <th scope="col" className={headClass}>
            COMPONENT
          </th>
          <th scope="col" className={headClass}>
            NODE
          </th>
          <th scope="col" className={headClass}>
            HEALTH
          </th>
          <th scope="col" className={headClass}>
            LEVER
          </th>
        </tr>
      </thead>
      <tbody>
        {components.map(({ name, node, health }) => (
          <tr key={componentPlace(name, node)} className="border-t">
            <th scope="row" className={classNames(cellClass, 'text-left font-medium')}>
              <span className="flex items-center gap-1.5">
                <Glyph name={name} className="size-4 text-ink-2" />
                {componentName(name)}
              </span>
            </th>
            <td className={cellClass}>{node ?? 'control plane'}</td>
            <td className={cellClass}>
              <StateMark state={health === 'running' ? 'running' : 'failed'} word={health} />
            </td>
            <td className={cellClass}>
              <Button
                size="sm"
                className="h-5.5 text-xs"
                onClick={() =>
                  void pull({ lever: health === 'stopped' ? 'startComponent' : 'stopComponent', component: name, ...(node && { node }) })
                }
              >
                {health === 'stopped' ? 'Start' : 'Stop'}
                <span className="sr-only">
                  {' '}
                  {componentName(name)}
                  {node && ` on ${node}`}
                </span>
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function KindTable({ kind, objects }: { readonly kind: string; readonly objects: readonly ObjectView[] }) {
  const { ui } = useWorkspace();
  const selected = useUi((state) => state.selected);
  const columns = (objects[0]?.columns ?? []).filter((column) => !shownAnyway.has(column.name.toUpperCase()));
  const hasNamespace = objects.some((object) => object.ref.namespace);
  return (
    <table className="w-full text-xs">
      <caption className="px-2 pt-4 pb-1 text-left text-sm font-semibold">
        {kind} <span className="tabular font-normal text-ink-3">{objects.length}</span>
      </caption>
      <thead>
        <tr>
          <th scope="col" className={headClass}>
            NAME
          </th>
          {hasNamespace && (
            <th scope="col" className={headClass}>
              NAMESPACE
            </th>
          )}
          <th scope="col" className={headClass}>
            STATE
          </th>
          {columns.map((column) => (
            <th key={column.name} scope="col" className={headClass}>
              {column.name.toUpperCase()}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {objects.map((object) => (
          <tr key={object.uid} className={classNames('border-t', isSameObject(selected, object.ref) && 'bg-accent-wash')}>
            <th scope="row" className={classNames(cellClass, 'text-left font-medium')}>
              <button
                type="button"
                className="rounded-sm font-mono hover:text-accent-ink hover:underline"
                onClick={() => selectObject(ui, object.ref)}
              >
                {object.ref.name}
              </button>
            </th>
            {hasNamespace && <td className={cellClass}>{object.ref.namespace}</td>}
            <td className={cellClass}>
              <StateMark state={object.state} {...(object.status && { word: object.status })} />
            </td>
            {columns.map((column) => (
              <td key={column.name} className={classNames(cellClass, 'tabular font-mono')}>
                {object.columns.find((one) => one.name === column.name)?.value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The same as the picture, for reading in order: every component and every object, with the columns that kubectl prints. */
export function ClusterTable() {
  const objects = useSession((state) => state.objects);
  const components = useSession((state) => state.components);
  const kinds = useMemo(() => groupByKind([...objects.values()]), [objects]);
  return (
    <ScrollRegion label="Table of the cluster" className="min-h-0 flex-1 px-1 pb-4">
      <ComponentTable components={components} />
      {kinds.map(([kind, list]) => (
        <KindTable key={kind} kind={kind} objects={list} />
      ))}
    </ScrollRegion>
  );
}

function groupByKind(objects: readonly ObjectView[]): readonly (readonly [string, readonly ObjectView[]])[] {
  const groups = new Map<string, ObjectView[]>();
  for (const object of objects) groups.set(object.ref.kind, [...(groups.get(object.ref.kind) ?? []), object]);
  const rank = (kind: string) => (kindOrder.includes(kind) ? kindOrder.indexOf(kind) : kindOrder.length);
  return [...groups].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}
