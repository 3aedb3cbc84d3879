import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

/**
 * The first load: what the first board needs. The rest is loaded after it is painted, or for its readers only. Named by what is early, so
 * that a new file is late until somebody decides otherwise.
 */
const EARLY = [
  /\/core\/(cluster-state|cursor|equal|freshness|lanes|limits|model|result|summary)\.ts$/,
  /\/web\/(main|context|answer|api|badge|board|chip-id|connection-state|en|format|frame|head-watch|i18n|late-parts|page-life|read-json|rendering|route|server-clock|state-text|stream)\.tsx?$/,
  /\/web\/models\/(cluster-model|cluster-session|connection-model|route-model|settings-model)\.ts$/,
  /\/web\/parts\/(connection-badge|count-strip|elapsed|empty-state|host-card|lane-list|late-pending|link|moving-chip|notes|reload-button|shape|skeleton|top-bar|vm-chip|vm-name)\.tsx$/,
  /\/web\/views\/(cluster|page)-view\.tsx$/,
  /\/node_modules\//,
];

/** Vite's helper for dynamic imports preloads what they need; here that is nothing, and the helper costs 0.7 kB of the page's 20. */
const plainDynamicImport: Plugin = {
  name: 'plain-dynamic-import',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : null),
};

/** The theme that a reader chose is set by the script: nothing is painted before it, where the browser can wait. */
const paintAfterScript: Plugin = {
  name: 'paint-after-script',
  enforce: 'post',
  transformIndexHtml: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
};

/** What is asked for anew where it could not be fetched needs its own name: `LATE_PARTS_FILE` becomes `./late-parts-….js`. */
const namesOfLateFiles: Plugin = {
  name: 'names-of-late-files',
  renderChunk: (code, { dynamicImports }) =>
    code.replace(/\b(LATE_PARTS|ZH_HANS)_FILE\b/g, (constant, name: string) => {
      const file = dynamicImports.find((path) => path.includes(`/${name.toLowerCase().replace('_', '-')}-`));
      if (file === undefined) throw new Error(`${constant}: the build has no such file`);
      return JSON.stringify(file.replace('assets/', './'));
    }),
};

export default defineConfig({
  root: 'web',
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false }), plainDynamicImport, paintAfterScript, namesOfLateFiles],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'page', test: (id) => EARLY.some((early) => early.test(id)) }] } } },
  },
});
