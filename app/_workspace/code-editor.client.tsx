'use client';

import Editor from '@monaco-editor/react';
import type { editor } from 'monaco-editor';
import { useEffect, useState } from 'react';
import type { Problem } from '../../server/gateway/protocol.ts';
import type { Draft } from './draft-keeper.ts';
import { languageOf, modelUri, monaco } from './monaco-setup.ts';
import { useIsDark } from './use-is-dark.client.ts';
import { useUi, useWorkspace } from './workspace-context.client.tsx';

const options: editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  fontFamily: 'var(--font-geist-mono), monospace',
  fontSize: 13,
  lineHeight: 20,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  tabSize: 2,
  insertSpaces: true,
  padding: { top: 8, bottom: 8 },
  fixedOverflowWidgets: true,
  renderLineHighlight: 'line',
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  quickSuggestions: { other: true, comments: false, strings: true },
  // Otherwise the end of a complete line takes a suggestion instead of starting a new one.
  acceptSuggestionOnEnter: 'smart',
  accessibilitySupport: 'auto',
};
// While one of these is open, Esc closes it and nothing else.
const noWidgetOpen = '!suggestWidgetVisible && !findWidgetVisible && !parameterHintsVisible && !renameInputVisible && !inSnippetMode';

/** Esc lets Tab leave the editor; the next keystroke that edits gives Tab back to indentation. */
function useTabTrap(mounted: editor.IStandaloneCodeEditor | undefined, onChange: (leaves: boolean) => void): void {
  useEffect(() => {
    if (!mounted) return;
    function setLeaves(leaves: boolean): void {
      // The mode belongs to all editors of the page and can only be toggled.
      if (mounted?.getOption(monaco.editor.EditorOption.tabFocusMode) !== leaves)
        mounted?.trigger('kube40', 'editor.action.toggleTabFocusMode', {});
      onChange(leaves);
    }
    mounted.addCommand(monaco.KeyCode.Escape, () => setLeaves(true), noWidgetOpen);
    const edits = mounted.onDidChangeModelContent(() => setLeaves(false));
    const blurs = mounted.onDidBlurEditorText(() => setLeaves(false));
    return () => {
      edits.dispose();
      blurs.dispose();
    };
  }, [mounted, onChange]);
}

/** Every draft has a model, so that each file is checked and keeps its own undo. */
function useModels(drafts: ReadonlyMap<string, Draft>, session: string): void {
  useEffect(() => {
    for (const draft of drafts.values()) {
      const uri = modelUri(session, draft.path);
      const model = monaco.editor.getModel(uri);
      if (!model) monaco.editor.createModel(draft.text, languageOf(draft.path), uri);
      // As one edit, so that undo still reaches what stood here before another tab's text came.
      else if (model.getValue() !== draft.text) {
        model.pushEditOperations([], [{ range: model.getFullModelRange(), text: draft.text }], () => null);
      }
    }
    const known = new Set([...drafts.keys()].map((path) => modelUri(session, path).toString()));
    for (const model of monaco.editor.getModels()) {
      if (model.uri.scheme === 'file' && !known.has(model.uri.toString())) model.dispose();
    }
  }, [drafts, session]);
}

interface CodeEditorProps {
  readonly draft: Draft;
  readonly drafts: ReadonlyMap<string, Draft>;
  readonly problems: readonly Problem[];
  readonly onTabLeaves: (leaves: boolean) => void;
}

export function CodeEditor({ draft, drafts, problems, onTabLeaves }: CodeEditorProps) {
  const { lab, drafts: keeper, ui } = useWorkspace();
  const [mounted, setMounted] = useState<editor.IStandaloneCodeEditor>();
  const jump = useUi((state) => state.jump);
  const isDark = useIsDark();
  const { path } = draft;
  useModels(drafts, lab.session);
  useEffect(() => {
    // Measured before the font had come, every column would be a little off.
    void document.fonts.ready.then(() => monaco.editor.remeasureFonts());
  }, []);
  useTabTrap(mounted, onTabLeaves);

  useEffect(() => {
    const model = monaco.editor.getModel(modelUri(lab.session, path));
    if (!model) return;
    const markers = problems
      .filter((problem) => problem.line !== undefined && (problem.path ?? path) === path)
      .map((problem) => ({
        severity: monaco.MarkerSeverity.Error,
        message: problem.message,
        startLineNumber: problem.line ?? 1,
        startColumn: problem.column ?? 1,
        endLineNumber: problem.line ?? 1,
        endColumn: model.getLineMaxColumn(Math.min(problem.line ?? 1, model.getLineCount())),
      }));
    monaco.editor.setModelMarkers(model, 'apply', markers);
  }, [problems, path, lab.session]);

  useEffect(() => {
    if (!mounted || !jump || jump.path !== path) return;
    mounted.setPosition({ lineNumber: jump.line, column: jump.column });
    mounted.revealLineInCenter(jump.line);
    mounted.focus();
    ui.update((value) => (value.jump === jump ? { ...value, jump: undefined } : value));
  }, [mounted, jump, path, ui]);

  return (
    <Editor
      path={modelUri(lab.session, path).toString()}
      defaultValue={draft.text}
      defaultLanguage={languageOf(path)}
      theme={isDark ? 'kube40-dark' : 'kube40-light'}
      options={{ ...options, readOnly: draft.isReadOnly, ariaLabel: `${path}. Press Escape, then Tab, to leave the editor.` }}
      onMount={setMounted}
      onChange={(text) => keeper.edit(path, text ?? '')}
      loading={<p className="p-4 text-sm text-ink-3">Opening the editor…</p>}
    />
  );
}
