import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { go } from './build.ts';

const file = new URL('../../infra/local/kubernetes/types/builtin-types.txt', import.meta.url);

// UPDATE_BUILTIN_TYPES=1 writes them, after `k8s.io/api` or the list of kinds in `object-types/main.go` changed.
it('the types of built-in kinds are those of the Kubernetes that the test cluster is built of', async () => {
  const types = `${await go(['run', '-trimpath', '../object-types/main.go'])}\n`;
  if (process.env.UPDATE_BUILTIN_TYPES === '1') writeFileSync(file, types);
  expect(types).toBe(readFileSync(file, 'utf8'));
});
