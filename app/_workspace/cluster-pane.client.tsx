'use client';

import { Tabs } from 'radix-ui';
import { ClusterTable } from './cluster-table.client.tsx';
import { ClusterView } from './cluster-view.client.tsx';
import { EventList } from './event-list.client.tsx';
import { ObjectText } from './object-text.client.tsx';
import { Pane } from './pane.client.tsx';
import { SelectionBar } from './selection-bar.client.tsx';
import { TraceView } from './trace-view.client.tsx';
import type { InsightTab } from './ui-state.ts';
import { useSession, useUi, useWorkspace } from './workspace-context.client.tsx';

const tabs: readonly { readonly value: InsightTab; readonly word: string }[] = [
  { value: 'cluster', word: 'Cluster' },
  { value: 'events', word: 'Events' },
  { value: 'trace', word: 'Trace' },
  { value: 'object', word: 'Object' },
];

const contentClass = 'min-h-0 flex-1 data-[state=inactive]:hidden flex flex-col focus-visible:outline-none';

function ViewSwitch() {
  const { ui } = useWorkspace();
  const clusterAs = useUi((state) => state.clusterAs);
  const isShown = useUi((state) => state.insight === 'cluster');
  if (!isShown) return null;
  return (
    <fieldset className="mr-1 flex rounded-md border text-xs" aria-label="Show the cluster as">
      {(['picture', 'table'] as const).map((as) => (
        <button
          key={as}
          type="button"
          aria-pressed={clusterAs === as}
          onClick={() => ui.update((value) => ({ ...value, clusterAs: as }))}
          className="h-6 rounded-sm px-2 text-ink-2 capitalize hover:bg-sunken aria-pressed:bg-accent-wash aria-pressed:font-medium aria-pressed:text-accent-ink"
        >
          {as}
        </button>
      ))}
    </fieldset>
  );
}

function StartingPicture() {
  return (
    <div className="flex-1 space-y-3 p-3" role="status">
      <p className="text-ink-2">Your cluster is starting. This takes less than a second; if it takes longer, the line above says why.</p>
      <div className="h-36 rounded-lg bg-sunken" />
      <div className="grid grid-cols-3 gap-2">
        <div className="h-40 rounded-lg bg-sunken" />
        <div className="h-40 rounded-lg bg-sunken" />
        <div className="h-40 rounded-lg bg-sunken" />
      </div>
    </div>
  );
}

export function ClusterPane() {
  const { ui } = useWorkspace();
  const insight = useUi((state) => state.insight);
  const clusterAs = useUi((state) => state.clusterAs);
  const isLoaded = useSession((state) => state.isLoaded);
  const warnings = useSession((state) => state.events.filter((event) => event.type === 'Warning').length);
  return (
    <Tabs.Root
      value={insight}
      onValueChange={(value) => ui.update((state) => ({ ...state, insight: value as InsightTab }))}
      className="h-full"
    >
      <Pane
        name="cluster"
        label="Cluster"
        actions={<ViewSwitch />}
        bar={
          <Tabs.List aria-label="What to look at" className="flex">
            {tabs.map(({ value, word }) => (
              <Tabs.Trigger
                key={value}
                value={value}
                className="flex h-9 items-center gap-1.5 px-2.5 text-sm text-ink-2 hover:bg-sunken focus-visible:-outline-offset-2 data-[state=active]:bg-surface data-[state=active]:font-medium data-[state=active]:text-ink data-[state=active]:inset-shadow-[0_2px_0_var(--accent)]"
              >
                {word}
                {value === 'events' && warnings > 0 && (
                  <span className="tabular rounded-sm bg-pending-wash px-1 text-2xs font-semibold text-pending">
                    {warnings}
                    <span className="sr-only"> warnings</span>
                  </span>
                )}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
        }
      >
        <Tabs.Content value="cluster" className={contentClass}>
          {isLoaded ? clusterAs === 'picture' ? <ClusterView /> : <ClusterTable /> : <StartingPicture />}
        </Tabs.Content>
        <Tabs.Content value="events" className={contentClass}>
          <EventList />
        </Tabs.Content>
        <Tabs.Content value="trace" className={contentClass}>
          <TraceView />
        </Tabs.Content>
        <Tabs.Content value="object" className={contentClass}>
          <ObjectText />
        </Tabs.Content>
        <SelectionBar />
      </Pane>
    </Tabs.Root>
  );
}
