import { defineConfig } from 'vitest/config';

const scenarios = 'test/scenarios/**/*.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/scenarios/reached.ts'],
    // Two cores: two workers; a scenario boots a whole local cloud and may take seconds on a loaded machine.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['test/**/*.test.ts'],
          // What needs a real control plane: npm run test:cluster; the official emulator: npm run test:pubsub-emulator.
          exclude: ['test/cluster/**', 'test/pubsub-emulator/**', 'test/browser/**', scenarios],
        },
      },
      {
        extends: true,
        // Each scenario has a cloud of its own; loading the code once for all of them saves half a minute.
        test: { name: 'scenarios', include: [scenarios], isolate: false },
      },
    ],
  },
});
