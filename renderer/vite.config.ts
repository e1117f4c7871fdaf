import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page is built once for the web host and the desktop app: relative addresses, nothing inline, nothing from another host. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  resolve: {
    alias: { 'react-style-singleton': path.resolve(import.meta.dirname, 'style/style-singleton.ts') },
  },
  build: {
    outDir: path.resolve(import.meta.dirname, '../out/renderer'),
    emptyOutDir: true,
    // Baseline of the browsers that know light-dark(); Electron is far ahead.
    target: ['chrome125', 'firefox128', 'safari18'],
    // Inlined files would need `data:` in the policy; a second tiny request on localhost costs nothing.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
