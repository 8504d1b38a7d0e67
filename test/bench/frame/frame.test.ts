import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { benches } from '../benches.ts';
import { draw } from './drawing.ts';
import { type Bar, brokenBars, type Figure, ratioOf } from './figure.ts';
import { withResult } from './page.ts';
import { alternate, median } from './statistics.ts';
import { number } from './table.ts';

const figure = (bars: readonly Bar[], more: Partial<Figure> = {}): Figure => ({
  name: 'a start',
  unit: 'ms',
  ours: { what: 'ours', value: 200 },
  against: { what: 'theirs', value: 1_200 },
  bars,
  ...more,
});

describe('a figure', () => {
  it('holds its bars at their very value, and not beside it', () => {
    expect(
      brokenBars(
        figure([
          { of: 'ratio', atLeast: 6 },
          { of: 'ours', atMost: 200 },
        ]),
      ),
    ).toEqual([]);
    expect(brokenBars(figure([{ of: 'ratio', atLeast: 6.01 }]))).toHaveLength(1);
    expect(brokenBars(figure([{ of: 'ours', atMost: 199 }]))).toHaveLength(1);
  });

  it('reads its ratio the way it says', () => {
    expect(ratioOf(figure([]))).toBe(6);
    expect(ratioOf(figure([], { ratio: 'ours/against' }))).toBeCloseTo(1 / 6);
  });

  it('without the other side, or without a number, holds no bar on a ratio', () => {
    const { against: _, ...alone } = figure([{ of: 'ratio', atLeast: 0 }]);
    expect(brokenBars(alone)).toHaveLength(1);
    expect(
      brokenBars(figure([{ of: 'ours', atMost: 1 }], { ours: { what: '', value: Number.NaN } })),
    ).toHaveLength(1);
  });
});

describe('statistics', () => {
  it('the median does not mind one slow run', () => {
    expect([median([3, 1, 900]), median([4, 1, 2, 3])]).toEqual([3, 2.5]);
    expect(() => median([])).toThrow(RangeError);
  });

  it('contestants take turns, and the first round does not count', async () => {
    const order: string[] = [];
    const runs = await alternate(
      {
        a: () => Promise.resolve(order.push('a')),
        b: () => Promise.resolve(order.push('b')),
      },
      2,
    );
    expect(order.join('')).toBe('ababab');
    expect(runs).toEqual({ a: [3, 5], b: [4, 6] });
  });
});

const conditions = {
  date: '2026-11-25T12:00',
  commit: 'abc',
  node: 'v24',
  system: 'linux',
  processor: 'one',
  cores: 2,
  memoryGiB: 8,
  load: 0,
};

describe('the page', () => {
  const result = { figures: [figure([{ of: 'ratio', atLeast: 7 }])], charts: [] };

  it('changes between the marks of one bench and nowhere else', () => {
    const page =
      'above\n<!-- bench: a -->\nstale\n<!-- /bench: a -->\nbelow <!-- bench: ab --><!-- /bench: ab -->';
    const once = withResult(page, 'a', result, conditions);
    expect(once).toContain(
      '| a start | 200 ms (ours) | 1,200 ms (theirs) | 6 times | at least 7 times: **does not hold** |',
    );
    expect(once).not.toContain('stale');
    expect(once).toMatch(/^above\n.*\nbelow <!-- bench: ab --><!-- \/bench: ab -->$/s);
    expect(withResult(once, 'a', result, conditions)).toBe(once);
  });

  it('has marks for every bench that there is, and for no other', () => {
    const text = readFileSync(new URL('../../../docs/performance.md', import.meta.url), 'utf8');
    const marked = [...text.matchAll(/<!-- bench: (\S+) -->/g)].map(([, name]) => name);
    expect(marked.sort()).toEqual(Object.keys(benches).sort());
  });

  it('without the marks it says which are missing', () => {
    expect(() => withResult('', 'a', result, conditions)).toThrow('<!-- bench: a -->');
  });
});

it('a picture draws twice the value twice as long, from zero, and no text of its own in the markup', () => {
  const bars = [
    { what: 'a<b', value: 10, isOurs: true },
    { what: 'b', value: 20, isOurs: false },
  ];
  const svg = draw({ name: '', title: 'T & t', unit: 'ms', groups: [{ label: 'g', bars }] });
  const lengths = [...svg.matchAll(/<rect [^>]*width="(\d+)"/g)].map(([, width]) => Number(width));
  expect(lengths[1]).toBe(lengths[0]! * 2);
  expect(svg).toContain('a&lt;b');
  expect(svg).toContain('T &amp; t');
});

it('numbers have three figures that count', () => {
  expect([0.01234, 1.5, 12.345, 1234.5, 6].map(number)).toEqual(['0.0123', '1.5', '12.3', '1,235', '6']);
});
