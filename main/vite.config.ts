import path from 'node:path';
import { defineConfig } from 'vite';

const outDir = path.resolve(import.meta.dirname, '../out/main');
const isPreload = process.env.VI_SYNC_BUILD === 'preload';

/**
 * Electron's main process as one module that leaves packages to `node_modules`, and, in a build of its own, the preload: one CommonJS file
 * with everything in it, since a sandboxed preload can load nothing but `electron`.
 */
export default defineConfig({
  root: import.meta.dirname,
  ssr: isPreload ? { noExternal: true, external: ['electron'] } : { external: ['electron'] },
  build: {
    ssr: true,
    outDir,
    emptyOutDir: false,
    target: 'node24',
    minify: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: isPreload ? { preload: 'preload.ts' } : { main: 'main.ts' },
      external: ['electron'],
      output: isPreload
        ? { format: 'cjs', entryFileNames: '[name].cjs' }
        : { format: 'es', entryFileNames: '[name].js' },
    },
  },
});
