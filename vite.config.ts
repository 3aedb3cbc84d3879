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

export default defineConfig({
  root: 'web',
  plugins: [preact({ devToolsEnabled: false, prefreshEnabled: false }), plainDynamicImport],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'page', test: (id) => !LATE.some((late) => late.test(id)) }] } } },
  },
});
