'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';

export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [isCopied]);
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
  }
  return (
    <>
      <IconButton label={label} onClick={() => void copy()}>
        {isCopied ? <Check className="size-4 text-running" aria-hidden="true" /> : <Copy className="size-4" aria-hidden="true" />}
      </IconButton>
      <span role="status" className="sr-only">
        {isCopied ? 'Copied.' : ''}
      </span>
    </>
  );
}
