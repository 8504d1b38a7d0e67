import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { prepare } from '../../functions/prepare.ts';

const prepared = async (environment: Record<string, string>, fails = false): Promise<readonly string[]> => {
  const begun: string[] = [];
  const begin = (what: string) => {
    begun.push(what);
    return fails ? Promise.reject(new Error(`no ${what}`)) : Promise.resolve(what);
  };
  prepare(environment, { token: () => begin('token') }, () => begin('code'));
  begun.push('listens');
  await setImmediate();
  return begun;
};

it('an instance of reconcile asks for its token at once, and loads its code when the framework listens', async () => {
  expect(await prepared({ K_SERVICE: 'reconcile', FUNCTION_TARGET: 'reconcile' })).toEqual([
    'token',
    'listens',
    'code',
  ]);
});

it('what cannot be prepared ends nothing: the first event says it', async () => {
  expect(await prepared({ K_SERVICE: 'reconcile', FUNCTION_TARGET: 'reconcile' }, true)).toContain('code');
});

it.each([
  ['another function', { K_SERVICE: 'on-cluster-event', FUNCTION_TARGET: 'onClusterEvent' }],
  ["the platform's build", { FUNCTION_TARGET: 'reconcile' }],
  ['a laptop', {}],
])('%s prepares nothing', async (_, environment) => {
  expect(await prepared(environment)).toEqual(['listens']);
});
