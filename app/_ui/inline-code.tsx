/** A sentence of the course's data files, with what stands between backticks as code. */
export function InlineCode({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move.
      <code key={index} className="rounded-sm bg-sunken px-1 py-px font-mono text-[0.9em] break-words">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
