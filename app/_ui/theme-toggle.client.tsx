'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from './button.tsx';
import { type Theme, themeCookie } from './theme.ts';

const order: readonly Theme[] = ['system', 'light', 'dark'];
const faces = {
  system: { icon: Monitor, word: 'as the system' },
  light: { icon: Sun, word: 'light' },
  dark: { icon: Moon, word: 'dark' },
} as const;

/** Steps through system, light and dark; a cookie keeps it, so that the server renders the right one at once. */
export function ThemeToggle({ initial }: { readonly initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const { icon: Icon, word } = faces[theme];
  function step(): void {
    const next = order[(order.indexOf(theme) + 1) % order.length] ?? 'system';
    setTheme(next);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet.
    document.cookie = `${themeCookie}=${next}; path=/; max-age=31536000; samesite=lax`;
    if (next === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = next;
  }
  return (
    <IconButton label={`Theme: ${word}`} onClick={step}>
      <Icon className="size-4" aria-hidden="true" />
    </IconButton>
  );
}
