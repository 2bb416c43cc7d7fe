/** The seven-sided mark is a heading on a compass; the eighth stroke is the course line. */
export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <svg
        viewBox="0 0 24 24"
        className="size-6 text-accent"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinejoin="round"
        strokeLinecap="round"
        aria-hidden="true"
      >
        <path d="M12 2.6l7.5 3.6 1.9 8.1-5.2 6.5H7.8L2.6 14.3l1.9-8.1z" />
        <path d="M8.4 7.4v9.2M8.4 12.6l6-5.2M10.6 10.8l4.4 5.8" />
      </svg>
      <span className="text-lg leading-none">kube40</span>
    </span>
  );
}
