import { loader } from '@monaco-editor/react';
import 'monaco-editor/esm/vs/basic-languages/dockerfile/dockerfile.contribution.js';
import 'monaco-editor/esm/vs/basic-languages/ini/ini.contribution.js';
import 'monaco-editor/esm/vs/basic-languages/shell/shell.contribution.js';
import 'monaco-editor/esm/vs/basic-languages/yaml/yaml.contribution.js';
import * as monaco from 'monaco-editor/esm/vs/editor/edcore.main.js';
import { configureMonacoYaml } from 'monaco-yaml';
import { manifestGlobs } from './manifest-files.ts';

const schemaUrl = '/generated/kubernetes-schema.json';

window.MonacoEnvironment = {
  getWorker: (_id, label) =>
    label === 'yaml'
      ? new Worker(new URL('monaco-yaml/yaml.worker.js', import.meta.url), { type: 'module' })
      : new Worker(new URL('monaco-editor/esm/vs/editor/editor.worker.js', import.meta.url), { type: 'module' }),
};
// The editor component would otherwise fetch Monaco from another host.
loader.config({ monaco });

async function loadSchema(): Promise<void> {
  const response = await fetch(schemaUrl);
  if (!response.ok) return;
  configureMonacoYaml(monaco, {
    enableSchemaRequest: false,
    isKubernetes: true,
    schemas: [{ uri: 'inmemory://schema/kubernetes.json', fileMatch: [...manifestGlobs], schema: await response.json() }],
  });
}
void loadSchema();

function defineThemes(): void {
  const rules = (key: string, text: string, number: string, comment: string) => [
    { token: 'type.yaml', foreground: key },
    { token: 'string.yaml', foreground: text },
    { token: 'number.yaml', foreground: number },
    { token: 'keyword.yaml', foreground: number },
    { token: 'comment.yaml', foreground: comment, fontStyle: 'italic' },
    { token: 'operators.yaml', foreground: comment },
  ];
  monaco.editor.defineTheme('kube40-light', {
    base: 'vs',
    inherit: true,
    rules: rules('1f4fb0', '1a1c1e', '8a5700', '5d6268'),
    colors: {
      'editor.background': '#ffffff',
      'editor.foreground': '#1a1c1e',
      'editorLineNumber.foreground': '#676c72',
      'editorLineNumber.activeForeground': '#1a1c1e',
      'editor.lineHighlightBackground': '#f6f6f3',
      'editor.lineHighlightBorder': '#00000000',
      'editorIndentGuide.background1': '#ecece7',
      focusBorder: '#326ce5',
    },
  });
  monaco.editor.defineTheme('kube40-dark', {
    base: 'vs-dark',
    inherit: true,
    rules: rules('93b4ff', 'e9ebed', 'e6b450', '959da5'),
    colors: {
      'editor.background': '#171b1e',
      'editor.foreground': '#e9ebed',
      'editorLineNumber.foreground': '#7c858d',
      'editorLineNumber.activeForeground': '#e9ebed',
      'editor.lineHighlightBackground': '#1d2226',
      'editor.lineHighlightBorder': '#00000000',
      'editorIndentGuide.background1': '#262c31',
      focusBorder: '#326ce5',
      'editorWidget.background': '#1d2226',
      'editorWidget.border': '#454d55',
    },
  });
}
defineThemes();

/** The address under which a lab file lives in the editor. */
export function modelUri(session: string, path: string): monaco.Uri {
  return monaco.Uri.parse(`file:///${session}/${path}`);
}

export function languageOf(path: string): string {
  if (/\.ya?ml$/.test(path)) return 'yaml';
  if (/\.(sh|bash)$/.test(path)) return 'shell';
  if (/(^|\/)Dockerfile/.test(path)) return 'dockerfile';
  if (/\.(conf|ini|toml|service)$/.test(path)) return 'ini';
  return 'plaintext';
}

export { monaco };
