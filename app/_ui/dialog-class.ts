export const overlayClass = 'fixed inset-0 z-40 bg-[rgb(10_12_14/0.45)]';

export const dialogClass =
  'fixed top-[12vh] left-1/2 z-50 max-h-[76vh] w-[min(34rem,calc(100vw-2rem))] -translate-x-1/2 overflow-auto rounded-lg border border-line-strong bg-raised p-5 text-ink shadow-float focus:outline-none';
