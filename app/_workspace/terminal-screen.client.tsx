'use client';

import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { useEffect, useRef, useState } from 'react';
import { useIsDark } from './use-is-dark.client.ts';
import { useSession, useWorkspace } from './workspace-context.client.tsx';

const light: ITheme = {
  background: '#ffffff',
  foreground: '#1a1c1e',
  cursor: '#326ce5',
  selectionBackground: '#cddcfb',
  black: '#1a1c1e',
  red: '#bb2429',
  green: '#177245',
  yellow: '#8a5700',
  blue: '#2353b8',
  magenta: '#6d46b0',
  cyan: '#0b6b78',
  white: '#5d6268',
  brightBlack: '#5d6268',
  brightRed: '#bb2429',
  brightGreen: '#177245',
  brightYellow: '#8a5700',
  brightBlue: '#2353b8',
  brightMagenta: '#6d46b0',
  brightCyan: '#0b6b78',
  brightWhite: '#43474c',
};
const dark: ITheme = {
  background: '#171b1e',
  foreground: '#e9ebed',
  cursor: '#93b4ff',
  selectionBackground: '#27437f',
  black: '#454d55',
  red: '#ff8078',
  green: '#56c98d',
  yellow: '#e6b450',
  blue: '#93b4ff',
  magenta: '#c3a3ff',
  cyan: '#66cfdc',
  white: '#e9ebed',
  brightBlack: '#959da5',
  brightRed: '#ff8078',
  brightGreen: '#56c98d',
  brightYellow: '#e6b450',
  brightBlue: '#93b4ff',
  brightMagenta: '#c3a3ff',
  brightCyan: '#66cfdc',
  brightWhite: '#ffffff',
};

interface TerminalScreenProps {
  readonly name: string;
  readonly isShown: boolean;
}

/** One shell of the session. What it prints comes with the session; what is typed goes there. */
export function TerminalScreen({ name, isShown }: TerminalScreenProps) {
  const { client } = useWorkspace();
  const host = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<Terminal>();
  const isLive = useSession((state) => state.connection.status === 'live');
  const isDark = useIsDark();

  useEffect(() => {
    if (!host.current) return;
    const created = new Terminal({
      fontFamily: getComputedStyle(document.body).getPropertyValue('--font-geist-mono') || 'monospace',
      fontSize: 12.5,
      lineHeight: 1.25,
      cursorBlink: false,
      scrollback: 5000,
      screenReaderMode: true,
      theme: readTheme(),
    });
    const fit = new FitAddon();
    created.loadAddon(fit);
    created.open(host.current);
    const input = created.onData((data) => client.tell({ type: 'terminalInput', terminal: name, data }));
    const resize = created.onResize(({ cols, rows }) => client.tell({ type: 'terminalResize', terminal: name, cols, rows }));
    const observer = new ResizeObserver(() => fit.fit());
    observer.observe(host.current);
    fit.fit();
    const stop = client.onTerminal(name, (data) => created.write(data));
    setTerminal(created);
    return () => {
      stop();
      observer.disconnect();
      input.dispose();
      resize.dispose();
      created.dispose();
    };
  }, [client, name]);

  useEffect(() => {
    // Opening a terminal that the session already has only tells it the size.
    if (terminal && isLive) void client.request({ type: 'openTerminal', terminal: name, cols: terminal.cols, rows: terminal.rows });
  }, [client, terminal, isLive, name]);

  useEffect(() => {
    if (terminal) terminal.options.theme = isDark ? dark : light;
  }, [terminal, isDark]);

  useEffect(() => {
    if (terminal && isShown && terminal.element?.closest('[data-pane]')?.contains(document.activeElement)) terminal.focus();
  }, [terminal, isShown]);

  return <div ref={host} className="h-full w-full" data-terminal={name} />;
}

function readTheme(): ITheme {
  const chosen = document.documentElement.dataset['theme'];
  const isDark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  return isDark ? dark : light;
}
