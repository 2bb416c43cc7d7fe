'use client';

import { ArchitectureFigure } from './architecture-figure.tsx';

export function LiveCluster({ caption }: { readonly caption?: string }) {
  return <ArchitectureFigure {...(caption && { caption })} />;
}
