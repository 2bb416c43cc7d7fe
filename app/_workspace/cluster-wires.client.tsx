'use client';

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { HopView } from '../../server/gateway/protocol.ts';
import { classNames } from '../_ui/class-names.ts';
import type { ClusterPicture } from './cluster-picture.ts';
import { componentPlace, hopSelector, placeSelector } from './places.ts';
import type { Activity } from './use-activity.client.ts';
import { useSession } from './workspace-context.client.tsx';

interface Point {
  readonly x: number;
  readonly y: number;
}
interface Wire {
  readonly from: string;
  readonly path: string;
}

const hub = 'kube-apiserver';
const msPerHop = 190;
const mostPackets = 24;

function centreOf(plate: HTMLElement, selector: string): Point | undefined {
  const element = plate.querySelector(selector);
  if (!element) return undefined;
  const frame = plate.getBoundingClientRect();
  const box = element.getBoundingClientRect();
  return { x: box.left - frame.left + box.width / 2, y: box.top - frame.top + box.height / 2 };
}

/** From the hub down and across in right angles, so that wires to several nodes share their trunk. */
function wirePath(hubAt: Point, at: Point, isNode: boolean): string {
  if (!isNode) return `M${hubAt.x} ${hubAt.y}L${at.x} ${at.y}`;
  const trunkY = Math.max(hubAt.y + 46, at.y - 26);
  return `M${hubAt.x} ${hubAt.y}V${trunkY}H${at.x}V${at.y}`;
}

function useWires(plate: RefObject<HTMLDivElement | null>, picture: ClusterPicture): readonly Wire[] {
  const [wires, setWires] = useState<readonly Wire[]>([]);
  const measure = useCallback(() => {
    const element = plate.current;
    const hubAt = element && centreOf(element, placeSelector(hub));
    if (!element || !hubAt) return setWires([]);
    const ends = [
      ...picture.controlPlane.filter((component) => component.name !== hub).map((component) => ({ place: component.name, isNode: false })),
      ...picture.nodes.map((node) => ({ place: componentPlace('kubelet', node.name), isNode: true })),
    ];
    setWires(
      ends.flatMap(({ place, isNode }) => {
        const at = centreOf(element, placeSelector(place));
        return at ? [{ from: place, path: wirePath(hubAt, at, isNode) }] : [];
      }),
    );
  }, [plate, picture]);
  useLayoutEffect(measure, [measure]);
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    if (plate.current) observer.observe(plate.current);
    return () => observer.disconnect();
  }, [measure, plate]);
  return wires;
}

function fly(plate: HTMLElement, points: readonly Point[], isOk: boolean): void {
  const dot = document.createElement('div');
  dot.dataset['packet'] = '';
  dot.className = classNames(
    'pointer-events-none absolute top-0 left-0 z-20 -mt-1 -ml-1 size-2 rounded-full',
    isOk ? 'bg-accent' : 'bg-failed',
  );
  plate.append(dot);
  const frames = points.map(({ x, y }) => ({ transform: `translate(${x}px, ${y}px)` }));
  const flight = dot.animate(frames, { duration: msPerHop * Math.max(1, points.length - 1), easing: 'ease-in-out' });
  flight.onfinish = () => dot.remove();
  flight.oncancel = () => dot.remove();
}

function sendPacket(plate: HTMLElement, hop: HopView): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  if (plate.querySelectorAll('[data-packet]').length >= mostPackets) return;
  const points = hop.hops.flatMap(({ at }) => centreOf(plate, hopSelector(at)) ?? []);
  if (points.length > 1) fly(plate, points, hop.ok);
}

interface ClusterWiresProps {
  readonly plate: RefObject<HTMLDivElement | null>;
  readonly picture: ClusterPicture;
  readonly active: Activity;
}

/** Who talks to whom, and packets on their way. Everything shown here is also told in words elsewhere. */
export function ClusterWires({ plate, picture, active }: ClusterWiresProps) {
  const wires = useWires(plate, picture);
  const hops = useSession((state) => state.hops);
  const lastSeen = useRef<number>(undefined);
  useEffect(() => {
    const element = plate.current;
    const seen = lastSeen.current;
    lastSeen.current = hops.at(-1)?.id ?? seen ?? -1;
    // What happened before this picture was opened does not fly.
    if (!element || seen === undefined) return;
    for (const hop of hops) if (hop.id > seen) sendPacket(element, hop);
  }, [hops, plate]);
  return (
    <svg className="pointer-events-none absolute inset-0 -z-10 size-full" fill="none" aria-hidden="true">
      {wires.map((wire) => (
        <path
          key={wire.from}
          d={wire.path}
          strokeWidth={active.has(wire.from) ? 2 : 1.25}
          className={classNames('transition-[stroke] duration-200', active.has(wire.from) ? 'stroke-accent' : 'stroke-line-strong')}
        />
      ))}
    </svg>
  );
}
