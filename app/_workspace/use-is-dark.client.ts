'use client';

import { useEffect, useState } from 'react';

function readIsDark(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/** For what cannot take its colours from CSS: the editor and the terminal. */
export function useIsDark(): boolean {
  const [isDark, setIsDark] = useState(readIsDark);
  useEffect(() => {
    const follow = () => setIsDark(readIsDark());
    const query = matchMedia('(prefers-color-scheme: dark)');
    query.addEventListener('change', follow);
    const observer = new MutationObserver(follow);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      query.removeEventListener('change', follow);
      observer.disconnect();
    };
  }, []);
  return isDark;
}
