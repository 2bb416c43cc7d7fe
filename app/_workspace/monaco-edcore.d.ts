declare module 'monaco-editor/esm/vs/editor/edcore.main.js' {
  // biome-ignore lint/performance/noReExportAll: the trimmed entry has exactly the names of the whole package.
  export * from 'monaco-editor';
}
declare module 'monaco-editor/esm/vs/basic-languages/dockerfile/dockerfile.contribution.js';
declare module 'monaco-editor/esm/vs/basic-languages/ini/ini.contribution.js';
declare module 'monaco-editor/esm/vs/basic-languages/shell/shell.contribution.js';
declare module 'monaco-editor/esm/vs/basic-languages/yaml/yaml.contribution.js';
