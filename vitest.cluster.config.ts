import { defineConfig } from 'vitest/config';

/** `npm run test:cluster`: every scenario once more, on a real control plane, and what only that one shows. */
export default defineConfig({
  test: {
    include: ['test/scenarios/**/*.test.ts', 'test/cluster/**/*.test.ts'],
    globalSetup: ['test/cluster/global-setup.ts', 'test/scenarios/reached.ts'],
    setupFiles: ['test/cluster/setup.ts'],
    // Each file has a process with a control plane of its own, and that keeps two cores busy.
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
