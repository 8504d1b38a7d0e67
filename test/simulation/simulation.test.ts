import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { invariants } from './invariants/all.ts';
import { planted } from './planted.ts';
import { shrink } from './shrink.ts';
import { type Outcome, simulate } from './simulate.ts';
import { Totals } from './totals.ts';

const seeds = 180;

describe('whatever happens', () => {
  it(`every invariant holds in ${seeds} stories, and each was looked at`, async () => {
    const totals = new Totals();
    const broken: string[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const outcome = await simulate(seed);
      totals.add(outcome);
      if (outcome.violation !== undefined)
        broken.push(
          `${outcome.violation.invariant}: ${outcome.violation.text}: npm run simulate -- --seed ${seed}`,
        );
    }
    expect(broken).toEqual([]);
    for (const { number, name, ...checks } of invariants)
      for (const when of ['always', 'onStatus', 'onStep', 'atRest'] as const)
        if (checks[when] !== undefined)
          expect(totals.count(`checked: invariant ${number} ${name} ${when}`)).toBeGreaterThan(200);
    for (const fault of ['crash before', 'crash after', 'answer lost', 'request lost', 'late', 'freeze'])
      expect(totals.count(`fault: ${fault}`)).toBeGreaterThan(50);
  }, 240_000);
});

describe('the simulation itself', () => {
  it('tells the same seed as the same story, byte for byte, whatever was told before', async () => {
    const first = await simulate(7);
    await simulate(8);
    const second = await simulate(7);
    expect(second.story.join('\n')).toBe(first.story.join('\n'));
    expect(first.story.length).toBeGreaterThan(50);
  });

  it.each(Object.keys(planted))(
    'finds a fault against invariant %s',
    async (name) => {
      const found = await firstFailure(name, { sabotage: planted[name]! });
      expect(found?.violation?.invariant).toBe(name);
    },
    60_000,
  );

  it('has a fault planted against every invariant', () => {
    expect(Object.keys(planted)).toEqual(invariants.map(({ number, name }) => `${number} ${name}`));
  });

  it('shrinks a failing story to one that is much shorter and fails alike', async () => {
    const sabotage = planted['2 truthful Ready']!;
    const failing = (await firstFailure('2 truthful Ready', { sabotage }))!;
    const { outcome, without } = await shrink(failing, { sabotage });
    expect(outcome.violation?.invariant).toBe(failing.violation?.invariant);
    expect(outcome.ingredients.length).toBeLessThan(failing.ingredients.length / 2);
    const again = await simulate(failing.seed, { sabotage, without });
    expect(again.story).toEqual(outcome.story);
  }, 60_000);
});

const main = fileURLToPath(new URL('main.ts', import.meta.url));

describe('npm run simulate', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });

  it('tells the story of a seed and says that every invariant holds', () => {
    const { status, stdout } = run('--seed', '7');
    expect(stdout).toContain('calm         faults stop');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('seed 7: every invariant holds');
    expect(status).toBe(0);
  });

  it('refuses what it does not understand, and says how it is called', () => {
    const { status, stderr } = run('--seed', 'seven');
    expect(stderr).toContain('--seed is "seven": write a whole number from 1 on');
    expect(stderr).toContain('npm run simulate -- --seeds N');
    expect(status).toBe(2);
  });
});

const firstFailure = async (
  invariant: string,
  options: Parameters<typeof simulate>[1],
): Promise<Outcome | undefined> => {
  for (let seed = 1; seed <= 60; seed++) {
    const outcome = await simulate(seed, options);
    if (outcome.violation?.invariant === invariant) return outcome;
  }
  return undefined;
};
