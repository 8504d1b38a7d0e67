import { describe, expect, it } from 'vitest';
import { remedyFor } from '../../functions/persistent-ip/remedies.ts';
import { keyOf, sayings } from '../sayings.ts';
import { readPage, strangerTo } from './conditions-page.ts';

const rows = readPage();

// Ready's reasons are those of the others; the page says so in one row.
const asWritten = (saying: (typeof sayings)[number]): string =>
  saying.kind === 'GKEIPRoute' && saying.type === 'Ready' && saying.status === 'False'
    ? keyOf(saying.kind, { ...saying, reason: 'any of the above' })
    : keyOf(saying.kind, saying);
const spoken = [...new Set(sayings.map(asWritten))];

describe('docs/conditions.md', () => {
  it('has a row for every condition and reason of the code, and no other', () => {
    const written = rows.map((row) => keyOf(row.kind, row));
    expect(written.toSorted()).toEqual(spoken.toSorted());
  });

  it('says what to do in every row', () => {
    expect(rows.filter(({ remedy }) => remedy === '')).toEqual([]);
  });

  it('says there what the code says', () => {
    const repeats = ({ kind, type }: (typeof rows)[number]) => kind === 'GKEIPRoute' && type === 'Ready';
    for (const row of rows.filter((each) => !repeats(each)))
      expect(remedyFor(row.kind, row), keyOf(row.kind, row)).toBe(row.remedy.replaceAll('`', ''));
  });

  it('knows a message by its form, and refuses any other', () => {
    const said = { type: 'GCPReady', status: 'True', reason: 'GCPReady', message: 'The leader is node n-1' };
    expect(strangerTo(rows, 'GKEIPRoute', said)).toBeUndefined();
    expect(strangerTo(rows, 'GKEIPRoute', { ...said, message: 'Fine' })).toMatch(/no form/);
    expect(strangerTo(rows, 'GKEIPRoute', { ...said, reason: 'Fine' })).toMatch(/no row/);
  });
});
