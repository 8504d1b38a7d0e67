import { defineConfig } from 'vitest/config';

const all = 'test/**/*.test.ts';
/** What needs a real control plane, the official emulator or a browser: npm run test:cluster and its like. */
const elsewhere = ['test/cluster/**', 'test/pubsub-emulator/**', 'test/browser/**'];
const scenarios = 'test/scenarios/**/*.test.ts';
/** What fills a process, or is about one: how much it loads, and how its memory grows. */
const alone = ['test/{bench,fuzz,house,load,simulation}/**/*.test.ts', 'test/infra/bundle/**/*.test.ts'];
/** Where Nock stands before the network, and stays there for as long as the process lives. */
const wire = [
  'test/functions/{google-cloud,kubernetes}/**/*.test.ts',
  'test/functions/read-history.test.ts',
  'test/infra/cli/persistent-ip/{explain,get,tokens}*.test.ts',
  'test/infra/cli/persistent-ip/doctor/google*.test.ts',
];
const protos = 'test/setup/remember-protos.ts';
const network = 'test/setup/network.ts';
const answers = 'test/setup/planned-answers.ts';

/**
 * A process of its own for each file costs more than most files' tests: its start, our code and the Google packages, up to
 * 1.5 s each. So two processes run all files of a project in turn. That is safe because our modules keep no state that
 * could differ, only what they compiled; `test/setup/network.ts` notices who leaves another network behind.
 */
export default defineConfig({
  test: {
    globalSetup: ['test/scenarios/reached.ts'],
    // Node runs our TypeScript as it is, also here: no transform, and calls between modules are a fifth faster.
    experimental: { viteModuleRunner: false },
    // Two cores: two workers.
    maxWorkers: 2,
    // The longest test computes for 12 s, and a machine with ten times the work for its cores gives it a tenth of one. No
    // test waits for this limit in order to fail: `until` has one of its own, 20 s, and says what did not come.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    isolate: false,
    projects: [
      { extends: true, test: { name: 'alone', include: alone, isolate: true } },
      {
        extends: true,
        test: {
          name: 'rest',
          include: [all],
          exclude: [...elsewhere, ...alone, ...wire, scenarios],
          setupFiles: [protos, network],
        },
      },
      { extends: true, test: { name: 'scenarios', include: [scenarios], setupFiles: [protos, network] } },
      { extends: true, test: { name: 'wire', include: wire, setupFiles: [protos, answers] } },
    ],
  },
});
