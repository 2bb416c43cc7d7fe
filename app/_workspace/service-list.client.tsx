'use client';

import type { ObjectView } from '../../server/gateway/protocol.ts';
import { isSameObject } from '../_session/session-state.ts';
import { classNames } from '../_ui/class-names.ts';
import { Glyph } from '../_ui/glyphs.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { objectPlace } from './places.ts';
import { selectObject, useUi, useWorkspace } from './workspace-context.client.tsx';

function ServiceRow({ object }: { readonly object: ObjectView }) {
  const { ui } = useWorkspace();
  const isSelected = useUi((state) => isSameObject(state.selected, object.ref));
  const { service } = object;
  if (!service) return null;
  const ready = service.endpoints.filter((endpoint) => endpoint.ready).length;
  return (
    <li>
      <button
        type="button"
        data-place={objectPlace(object.ref)}
        aria-pressed={isSelected}
        onClick={() => selectObject(ui, object.ref)}
        className={classNames(
          'flex w-full flex-wrap items-center gap-x-2 gap-y-0.5 rounded-md border px-2 py-1.5 text-left transition-colors duration-150',
          isSelected ? 'border-accent bg-accent-wash' : 'border-line-strong bg-surface hover:border-accent',
        )}
      >
        <Glyph name="service" className="size-4 text-ink-2" />
        <span className="text-xs font-semibold">{object.ref.name}</span>
        <span className="font-mono text-2xs text-ink-2">
          {service.type} {service.clusterIP} {service.ports.join(', ')}
          {service.external && ` ${service.external}`}
        </span>
        <span className="ml-auto flex items-center gap-1 text-xs">
          {service.endpoints.slice(0, 12).map((endpoint) => (
            <StateMark key={endpoint.address} state={endpoint.ready ? 'running' : 'pending'} hideWord />
          ))}
          <span className={ready === 0 ? 'text-failed' : 'text-ink-2'}>
            {ready} {ready === 1 ? 'endpoint' : 'endpoints'}
          </span>
        </span>
        {ready === 0 && Object.keys(service.selector).length > 0 && (
          <span className="w-full text-xs text-ink-2">
            No ready pod has{' '}
            {Object.entries(service.selector)
              .map(([key, value]) => `${key}=${value}`)
              .join(', ')}
            .
          </span>
        )}
      </button>
    </li>
  );
}

export function ServiceList({ services }: { readonly services: readonly ObjectView[] }) {
  if (services.length === 0) return null;
  return (
    <section aria-label="Services" className="px-3 pt-3">
      <h3 className="mb-1 text-xs font-medium text-ink-2">Services and their endpoints</h3>
      <ul className="space-y-1">
        {services.map((service) => (
          <ServiceRow key={service.uid} object={service} />
        ))}
      </ul>
    </section>
  );
}
