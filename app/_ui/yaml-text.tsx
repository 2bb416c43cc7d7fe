/** YAML to read: keys in the accent, nothing else coloured. */
export function YamlText({ text }: { readonly text: string }) {
  return (
    <pre className="font-mono text-xs leading-5 break-words whitespace-pre-wrap">
      {text.split('\n').map((line, index) => {
        const [, indent = '', key, rest = ''] = /^(\s*(?:- )*)([^\s:#][^:]*:)(\s.*|)$/.exec(line) ?? [];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other identity.
          <span key={index} className="block min-h-5">
            {key === undefined ? (
              line
            ) : (
              <>
                {indent}
                <span className="text-accent-ink">{key}</span>
                {rest}
              </>
            )}
          </span>
        );
      })}
    </pre>
  );
}
