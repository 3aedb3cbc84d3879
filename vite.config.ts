import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

/** What the first board does not need, loaded after it is painted or for its readers only. */
const LATE = [
  /\/zh-hans\.ts$/,
  /\/core\/digest\.ts$/,
  /\/(late-words|en-late|zh-hans-late|notes|note-text|drain-facts|motion|trail-geometry|digest-watch|login|announcement|commit-motion)\.ts$/,
  /\/models\/(access|announcement|fleet|progress|trails)-model\.ts$/,
  /\/parts\/(late-parts|announcer|board-extras|connection-matter|drift-watch|host-drain|migration-trails|move-progress|refused|sign-in|sign-out|vm-details|vm-notes)\.tsx?$/,
  /\/views\/fleet-view\.tsx$/,
];

/** Vite's helper for dynamic imports preloads what they need; here that is nothing, and the helper costs 0.7 kB of the page's 20. */
const plainDynamicImport: Plugin = {
  name: 'plain-dynamic-import',
  enforce: 'pre',
  load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : null),
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
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false }), plainDynamicImport, namesOfLateFiles],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'page', test: (id) => !LATE.some((late) => late.test(id)) }] } } },
  },
});
