'use client';

import type { ComponentView } from '../../server/gateway/protocol.ts';
import { ComponentBox } from './component-box.client.tsx';
import { componentPlace } from './places.ts';
import type { Activity } from './use-activity.client.ts';

interface ControlPlaneProps {
  readonly components: readonly ComponentView[];
  readonly active: Activity;
}

/** The API server in the middle, etcd behind it, and those who watch it on either side. */
export function ControlPlane({ components, active }: ControlPlaneProps) {
  const named = (name: string) => components.filter((component) => component.name === name);
  const known = ['kube-apiserver', 'etcd', 'kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager'];
  const draw = (list: readonly ComponentView[], shape: 'box' | 'hub') =>
    list.map((component) => (
      <ComponentBox
        key={componentPlace(component.name, component.node)}
        component={component}
        shape={shape}
        isActive={active.has(component.name)}
      />
    ));
  return (
    <section
      aria-label="Control plane"
      className="mx-3 grid grid-cols-[1fr_auto_1fr] items-center gap-x-6 gap-y-4 rounded-lg border bg-paper/60 px-3 pt-2 pb-3 @max-[24rem]:gap-x-3"
    >
      <h3 className="self-start text-xs font-medium text-ink-2">Control plane</h3>
      <div className="flex justify-center gap-2">{draw(named('etcd'), 'box')}</div>
      <span />
      <div className="grid justify-items-end gap-2">{draw(named('kube-scheduler'), 'box')}</div>
      <div className="flex justify-center gap-2">{draw(named('kube-apiserver'), 'hub')}</div>
      <div className="grid justify-items-start gap-2">
        {draw(
          [
            ...named('kube-controller-manager'),
            ...named('cloud-controller-manager'),
            ...components.filter((component) => !known.includes(component.name)),
          ],
          'box',
        )}
      </div>
    </section>
  );
}
