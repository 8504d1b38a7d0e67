import { expect, it } from 'vitest';
import { Failure } from '../../../../../functions/persistent-ip/failure.ts';
import {
  CannotLook,
  type Check,
  ok,
  unknown,
} from '../../../../../infra/cli/persistent-ip/doctor/finding.ts';
import { runChecks } from '../../../../../infra/cli/persistent-ip/doctor/run-checks.ts';

const check = (name: string, look: Check['look']): Check => ({ subject: 's', name, look });
const failing = (name: string, error: unknown) => check(name, () => Promise.reject(error));

it('one that does not answer is told to end, and keeps no other from its answer', async () => {
  let ended = false;
  const hangs = check('hangs', (signal) => {
    signal.addEventListener('abort', () => {
      ended = true;
    });
    return new Promise(() => {});
  });
  const done: string[] = [];
  const results = await runChecks([hangs, check('good', async () => ok('fine'))], {
    limitMs: 20,
    onDone: (count, of) => done.push(`${count}/${of}`),
  });
  expect(results).toMatchObject([
    { check: 'hangs', status: 'unknown', found: 'no answer within 0.02 s' },
    { check: 'good', status: 'ok' },
  ]);
  expect(ended).toBe(true);
  expect(done).toEqual(['1/2', '2/2']);
});

it('one that throws could not look, whatever it throws', async () => {
  const results = await runChecks(
    [
      failing('cannot', new CannotLook(unknown('no right', 'ask for it'))),
      failing('forbidden', new Failure('retry', 'Forbidden', 403, 'you may not')),
      failing('fault', new TypeError('a fault')),
    ],
    { limitMs: 1_000 },
  );
  expect(results).toMatchObject([
    { status: 'unknown', found: 'no right', remedy: 'ask for it' },
    { status: 'unknown', found: 'you may not', remedy: expect.stringContaining('roles/container.viewer') },
    { status: 'unknown', found: 'a fault' },
  ]);
});
