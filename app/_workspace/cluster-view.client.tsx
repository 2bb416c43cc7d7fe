'use client';

import { useMemo, useRef } from 'react';
import { ScrollRegion } from '../_ui/scroll-region.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { drawCluster } from './cluster-picture.ts';
import { ClusterWires } from './cluster-wires.client.tsx';
import { ControlPlane } from './control-plane.client.tsx';
import { NodeCard } from './node-card.client.tsx';
import { PodChip } from './pod-chip.client.tsx';
import { RequestForm } from './request-form.client.tsx';
import { ServiceList } from './service-list.client.tsx';
import { useActivity } from './use-activity.client.ts';
import { useSession, useUi, useWorkspace } from './workspace-context.client.tsx';

const legend = ['running', 'pending', 'failed', 'terminating', 'unknown'] as const;

/** The last thing that happened, in one line: the picture's caption. */
function LastStep() {
  const step = useSession((state) => state.trace.at(-1));
  return (
    <p className="mx-3 my-1 flex h-6 w-fit max-w-[calc(100%-1.5rem)] items-center gap-1.5 truncate bg-surface pr-2 text-xs text-ink-2">
      {step ? (
        <>
          <span className="font-medium text-ink">{step.node ? `${step.actor} on ${step.node}` : step.actor}</span>
          <span className="min-w-0 truncate">{step.text}</span>
        </>
      ) : (
        'Nothing has happened yet. Apply a file, and watch who does what.'
      )}
    </p>
  );
}

/** The running cluster: control plane, nodes with their pods, Services with their endpoints. */
export function ClusterView() {
  const { ui } = useWorkspace();
  const objects = useSession((state) => state.objects);
  const components = useSession((state) => state.components);
  const showsSystem = useUi((state) => state.showsSystem);
  const picture = useMemo(() => drawCluster(objects, components, showsSystem), [objects, components, showsSystem]);
  const plate = useRef<HTMLDivElement>(null);
  const active = useActivity();
  return (
    <ScrollRegion label="Picture of the cluster" className="@container min-h-0 flex-1">
      <div ref={plate} className="relative isolate flex min-h-full flex-col pt-3">
        <ClusterWires plate={plate} picture={picture} active={active} />
        <ControlPlane components={picture.controlPlane} active={active} />
        <LastStep />
        {picture.waiting.length > 0 && (
          <section aria-label="Pods without a node" className="mx-3 mb-2 rounded-lg border border-dashed border-line-strong bg-paper p-2">
            <h3 className="mb-1 text-xs font-medium text-ink-2">No node yet</h3>
            <div className="flex flex-wrap gap-1">
              {picture.waiting.map((pod) => (
                <PodChip key={pod.uid} pod={pod} />
              ))}
            </div>
          </section>
        )}
        <div className="grid grid-cols-[repeat(auto-fit,minmax(7.75rem,1fr))] gap-2 px-3">
          {picture.nodes.map((node) => (
            <NodeCard key={node.name} picture={node} active={active} />
          ))}
        </div>
        <ServiceList services={picture.services} />
        <RequestForm picture={picture} />
        <div className="mt-auto flex flex-wrap items-center gap-x-3 gap-y-1 px-3 pt-3 pb-2 text-xs">
          {legend.map((state) => (
            <StateMark key={state} state={state} />
          ))}
          <label className="ml-auto flex items-center gap-1.5 text-ink-2">
            <input
              type="checkbox"
              checked={showsSystem}
              onChange={(event) => ui.update((value) => ({ ...value, showsSystem: event.target.checked }))}
              className="accent-accent"
            />
            System pods{picture.hiddenPods > 0 && ` (${picture.hiddenPods})`}
          </label>
        </div>
      </div>
    </ScrollRegion>
  );
}
