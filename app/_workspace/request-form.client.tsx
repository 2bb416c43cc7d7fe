'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '../_ui/button.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import type { ClusterPicture } from './cluster-picture.ts';
import { outsidePlace } from './places.ts';
import { useActions } from './use-actions.client.ts';
import { useSession } from './workspace-context.client.tsx';

const fieldClass = 'h-7 min-w-0 rounded-md border border-line-strong bg-surface px-1.5 text-xs';
const mostRequests = 200;

/** The way of the last request, as numbered steps. */
function LastRequest() {
  const last = useSession((state) => state.hops.at(-1));
  if (!last)
    return <p className="text-xs text-ink-2">A request goes hop by hop: resolver, rule on the node, backend. Send one and follow it.</p>;
  return (
    <div className="text-xs">
      <p className="mb-1">
        <StateMark state={last.ok ? 'running' : 'failed'} word={last.outcome} />
      </p>
      <ol className="list-decimal space-y-0.5 pl-5 text-ink-2">
        {last.hops.map((hop, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the hops of one request never change, and one place may come twice.
          <li key={index}>
            <span className="font-mono text-ink">{hop.at}</span> {hop.does}
          </li>
        ))}
      </ol>
    </div>
  );
}

export function RequestForm({ picture }: { readonly picture: ClusterPicture }) {
  const { pull } = useActions();
  const [answer, setAnswer] = useState<string>();
  const first = picture.services[0];
  const [url, setUrl] = useState<string>();
  const pods = picture.nodes.flatMap((node) => node.pods);
  const shownUrl = url ?? (first ? `http://${first.ref.name}.${first.ref.namespace}.svc.cluster.local` : 'http://');
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = await pull({
      lever: 'sendRequests',
      from: String(form.get('from')),
      url: shownUrl,
      count: Math.min(mostRequests, Math.max(1, Number(form.get('count')) || 1)),
    });
    setAnswer(text);
  }
  return (
    <details className="mx-3 mt-3 rounded-lg border bg-paper/60">
      <summary data-place={outsidePlace} className="px-2 py-1.5 text-xs font-medium text-ink-2 hover:text-ink">
        Send requests
      </summary>
      <form onSubmit={(event) => void submit(event)} className="flex flex-wrap items-center gap-1.5 px-2 pb-2">
        <label className="contents">
          <span className="text-xs text-ink-2">from</span>
          <select
            name="from"
            defaultValue={pods[0] ? `pod/${pods[0].ref.namespace}/${pods[0].ref.name}` : 'outside'}
            className={`${fieldClass} max-w-40`}
          >
            <option value="outside">outside the cluster</option>
            {picture.nodes.map((node) => (
              <option key={node.name} value={`node/${node.name}`}>
                node {node.name}
              </option>
            ))}
            {pods.map((pod) => (
              <option key={pod.uid} value={`pod/${pod.ref.namespace}/${pod.ref.name}`}>
                pod {pod.ref.name}
              </option>
            ))}
          </select>
        </label>
        <label className="contents">
          <span className="text-xs text-ink-2">to</span>
          <input
            name="url"
            value={shownUrl}
            onChange={(event) => setUrl(event.target.value)}
            className={`${fieldClass} flex-1 basis-40 font-mono`}
          />
        </label>
        <label className="contents">
          <span className="text-xs text-ink-2">times</span>
          <input name="count" type="number" min={1} max={mostRequests} defaultValue={10} className={`${fieldClass} w-14`} />
        </label>
        <Button type="submit" size="sm">
          Send
        </Button>
      </form>
      <div className="border-t px-2 py-2" role="status">
        {answer && <p className="mb-1.5 text-xs">{answer}</p>}
        <LastRequest />
      </div>
    </details>
  );
}
