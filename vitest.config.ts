import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // What needs a real control plane: npm run test:cluster; the official emulator: npm run test:pubsub-emulator.
    exclude: ['test/cluster/**', 'test/pubsub-emulator/**'],
    globalSetup: ['test/scenarios/reached.ts'],
    // Two cores: two workers; a scenario boots a whole local cloud and may take seconds on a loaded machine.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
