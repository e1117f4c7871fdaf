import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Four projects: `unit` (fast, many), `property` (random inputs and histories), `e2e` (real processes and a real browser), `electron` (the true Electron). */
export default defineConfig({
  plugins: [react()],
  test: {
    // Two cores on the smallest machine we support as a build machine: more workers only thrash the disk.
    maxWorkers: 2,
    // Real processes, disks and timers: on a busy build server one of thousands may miss its time. Whatever is broken fails twice.
    retry: process.env.CI === undefined ? 0 : 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.property.test.ts', 'test/e2e/**', 'test/crash/**', 'test/electron/**'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: { name: 'property', include: ['test/**/*.property.test.ts'], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/crash/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        // Only where Electron's program is installed: see build/test.mjs, which says so where it is not.
        test: {
          name: 'electron',
          include: ['test/electron/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
