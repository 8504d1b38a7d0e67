import { defineConfig } from 'vitest/config';

/** `npm run test:pubsub-emulator`: every scenario once more through the official emulator, and what only that one shows. */
export default defineConfig({
  test: {
    include: ['test/scenarios/**/*.test.ts', 'test/pubsub-emulator/**/*.test.ts'],
    globalSetup: ['test/pubsub-emulator/global-setup.ts'],
    setupFiles: ['test/pubsub-emulator/setup.ts'],
    // One emulator, and in it one cloud at a time: their topics have the same names.
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
