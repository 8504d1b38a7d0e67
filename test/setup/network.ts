import { afterAll, expect } from 'vitest';

/**
 * A setup file: the files of this project share a process, and with it the network. Whoever stands before it (Nock does
 * from the moment that it is imported) belongs to project `wire` of vitest.config.ts. Only the first file is blamed.
 */
const process = globalThis as { theirFetch?: typeof fetch };
process.theirFetch ??= fetch;

afterAll(() => {
  const before = process.theirFetch;
  process.theirFetch = fetch;
  expect(
    fetch === before,
    'this file, or one that it imports, puts something in the place of fetch: list it under `wire` in vitest.config.ts',
  ).toBe(true);
});
