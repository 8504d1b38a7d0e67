import { describe, expect, it } from 'vitest';
import { startCloud } from '../../../infra/local/cloud.ts';
import { runTour } from '../../../infra/local/tour/tour.ts';
import { tours } from '../../../infra/local/tour/tours.ts';

/** What a tour says, without colours. */
const take = async (name: string): Promise<{ good: boolean; said: string }> => {
  const tour = tours.find((each) => each.name === name)!;
  const cloud = await startCloud({ operationMs: 5 });
  const lines: string[] = [];
  try {
    return { good: await runTour(cloud, (line) => lines.push(line), tour), said: lines.join('\n') };
  } finally {
    await cloud.close();
  }
};

describe('npm start -- --tour', () => {
  it.each(tours.map(({ name }) => name))('%s: every step does what it says', async (name) => {
    const { good, said } = await take(name);
    expect(good, said).toBe(true);
  });

  it('a step that does not do what it says ends the tour, and says what was expected', async () => {
    const cloud = await startCloud({ operationMs: 5, nodes: 1 });
    const lines: string[] = [];
    const step = { title: 'nothing', run: async () => {} };
    const wrong = {
      title: 'wrong',
      run: (guide: { expect(holds: boolean, what: string): void }) =>
        Promise.resolve(guide.expect(1 + 1 === 3, 'one and one are three')),
    };
    const good = await runTour(cloud, (line) => lines.push(line), {
      name: 'x',
      about: 'x',
      steps: [step, wrong, step],
    });
    await cloud.close();
    expect(good).toBe(false);
    expect(lines.join('\n')).toContain('expected that one and one are three');
    expect(lines.join('\n')).not.toContain('3/3');
  });
});
