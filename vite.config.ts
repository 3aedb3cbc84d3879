import { defineConfig, type Plugin } from 'vite';

/**
 * The first load: what the first board needs. The rest is loaded after it is painted, or for its readers only. Named by what is early, so
 * that a new file is late until somebody decides otherwise.
 */
const EARLY = [
  /\/core\/(cluster-state|cursor|equal|freshness|lanes|limits|model|result|summary)\.ts$/,
  /\/web\/(main|context|answer|api|badge|board|chip-id|connection-state|en|format|frame|head-watch|i18n|late-file|late-parts|page-life|read-json|rendering|route|server-clock|slices|state-text|stream|use-slices)\.tsx?$/,
  /\/web\/models\/(cluster-model|cluster-session|connection-model|route-model|settings-model)\.ts$/,
  /\/web\/parts\/(connection-badge|count-strip|elapsed|empty-state|host-card|lane-list|late-pending|link|moving-chip|notes|reload-button|rest|shape|skeleton|top-bar|vm-chip|vm-name)\.tsx$/,
  /\/web\/views\/(cluster|page)-view\.tsx$/,
  /\/node_modules\/|preload-helper/,
];

/** What is fetched when it is wanted keeps its own file, also where another one needs it too. */
const OWN_FILE = /\/(late-parts|(en|zh-hans)-late|drawers|scrubber|group-board|[a-z]+-view)\.tsx?$/;

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
    code.replace(/\b([A-Z]+(?:_[A-Z]+)*)_FILE\b/g, (constant, name: string) => {
      const file = dynamicImports.find((path) => path.includes(`/${name.toLowerCase().replaceAll('_', '-')}-`));
      if (file === undefined) throw new Error(`${constant}: the build has no such file`);
      return JSON.stringify(file.replace('assets/', './'));
    }),
};

export default defineConfig({
  root: 'web',
  // Fewer bytes than the automatic runtime: no `children:` in each call, and no runtime of its own.
  oxc: {
    jsx: { runtime: 'classic', pragma: 'h_', pragmaFrag: 'Fragment_' },
    jsxInject: "import { h as h_, Fragment as Fragment_ } from 'preact'",
  },
  plugins: [plainDynamicImport, paintAfterScript, namesOfLateFiles],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      // No module of the page is imported for its effects alone: what a file does not use, it does not wait for.
      treeshake: { moduleSideEffects: false },
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'page', test: (id) => EARLY.some((early) => early.test(id)), priority: 1 },
            // What several late files need is one file, and not one for each set of them.
            { name: 'shared', test: (id) => /\/(web|core)\//.test(id) && !OWN_FILE.test(id), minShareCount: 2 },
          ],
        },
      },
    },
  },
});
