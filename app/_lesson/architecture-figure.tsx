import { classNames } from '../_ui/class-names.ts';
import { componentName, Glyph } from '../_ui/glyphs.tsx';

interface Spot {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

// Positions in percent of the figure's width and of its height.
const controlPlane: readonly Spot[] = [
  { name: 'etcd', x: 50, y: 14 },
  { name: 'kube-scheduler', x: 17, y: 38 },
  { name: 'kube-apiserver', x: 50, y: 38 },
  { name: 'kube-controller-manager', x: 83, y: 16 },
  { name: 'cloud-controller-manager', x: 83, y: 41 },
];
const nodeParts = ['kubelet', 'containerd', 'kube-proxy'] as const;
const nodes = [
  { name: 'node-1', x: 27 },
  { name: 'node-2', x: 73 },
] as const;

function partSpot(nodeX: number, part: (typeof nodeParts)[number]): Spot {
  return { name: part, x: nodeX + (nodeParts.indexOf(part) - 1) * 14.5, y: 79 };
}

function isNodePart(name: string): boolean {
  return nodeParts.some((part) => part === name);
}

function Box({ spot, isLit }: { readonly spot: Spot; readonly isLit: boolean }) {
  return (
    <div
      style={{ left: `${spot.x}%`, top: `${spot.y}%` }}
      className={classNames(
        'absolute flex w-max -translate-x-1/2 -translate-y-1/2 flex-col items-center gap-0.5 rounded-md border px-2 py-1.5 text-center transition-colors duration-200 max-sm:px-1',
        isLit ? 'border-accent bg-accent text-on-accent' : 'border-line-strong bg-surface',
      )}
    >
      <Glyph name={spot.name} className="size-6 max-sm:size-5" />
      <span
        className={classNames(
          'max-w-24 text-xs leading-tight max-sm:text-2xs',
          isNodePart(spot.name) ? 'max-sm:max-w-10' : 'max-sm:max-w-16',
        )}
      >
        {spot.name === 'containerd' ? 'runtime' : componentName(spot.name)}
      </span>
    </div>
  );
}

function Lines() {
  const hub = { x: 50, y: 38 };
  return (
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" className="absolute inset-0 size-full text-line-strong" aria-hidden="true">
      {controlPlane.map(({ name, x, y }) => (
        <path key={name} d={`M${hub.x} ${hub.y}L${x} ${y}`} stroke="currentColor" strokeWidth="1.25" vectorEffect="non-scaling-stroke" />
      ))}
      {nodes.flatMap((node) =>
        (['kubelet', 'kube-proxy'] as const).map((part) => {
          const { x, y } = partSpot(node.x, part);
          return (
            <path
              key={`${node.name}/${part}`}
              d={`M50 38V59H${x}V${y}`}
              fill="none"
              stroke="currentColor"
              strokeWidth="1.25"
              vectorEffect="non-scaling-stroke"
            />
          );
        }),
      )}
    </svg>
  );
}

interface ArchitectureFigureProps {
  readonly caption?: string;
  /** The component that acts, when a walk through a workflow shows one. */
  readonly lit?: string;
}

/** The whole cluster: a control plane, and two nodes that hold only what runs on every node. */
export function ArchitectureFigure({ caption, lit }: ArchitectureFigureProps) {
  return (
    <figure className="my-6">
      <div
        role="img"
        aria-label="A control plane with etcd, API server, scheduler, controller manager and cloud controller manager; below it two nodes, each with kubelet, container runtime and kube-proxy. Every line leads to the API server."
        className="relative h-88 rounded-lg border bg-paper max-sm:h-80"
      >
        <div className="absolute inset-x-[3%] top-[3%] h-[50%] rounded-lg border border-dashed border-line-strong" />
        <span className="absolute top-[4.5%] left-[5%] text-xs text-ink-3">Control plane</span>
        {nodes.map(({ name, x }) => (
          <div
            key={name}
            style={{ left: `${x}%` }}
            className="absolute top-[62%] h-[34%] w-[45%] -translate-x-1/2 rounded-lg border border-dashed border-line-strong"
          >
            <span className="absolute top-1 left-2 text-xs text-ink-3">{name}</span>
          </div>
        ))}
        <Lines />
        {controlPlane.map((spot) => (
          <Box key={spot.name} spot={spot} isLit={lit === spot.name} />
        ))}
        {nodes.flatMap((node) =>
          nodeParts.map((part) => (
            <Box key={`${node.name}/${part}`} spot={partSpot(node.x, part)} isLit={lit === part && node === nodes[0]} />
          )),
        )}
      </div>
      {caption && <figcaption className="mt-2 text-sm text-ink-2">{caption}</figcaption>}
    </figure>
  );
}
