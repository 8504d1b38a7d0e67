import { describe, expect, it } from 'vitest';
import { vocabulary } from '../../functions/persistent-ip/vocabulary.ts';
import { readPage, strangerTo } from './conditions-page.ts';

const rows = readPage();

const words: Readonly<Record<string, Record<string, Record<string, readonly string[]>>>> = vocabulary;
const spoken = Object.entries(words).flatMap(([kind, types]) =>
  Object.entries(types).flatMap(([type, statuses]) =>
    Object.entries(statuses).flatMap(([status, reasons]) =>
      // Ready's reasons are those of the others; the page says so in one row.
      kind === 'GKEIPRoute' && type === 'Ready' && status === 'False'
        ? [`${kind} ${type}=${status}/any of the above`]
        : reasons.map((reason) => `${kind} ${type}=${status}/${reason}`),
    ),
  ),
);

describe('docs/conditions.md', () => {
  it('has a row for every condition and reason of the code, and no other', () => {
    const written = rows.map(({ kind, type, status, reason }) => `${kind} ${type}=${status}/${reason}`);
    expect(written.toSorted()).toEqual(spoken.toSorted());
  });

  it('says what to do in every row', () => {
    expect(rows.filter(({ remedy }) => remedy === '')).toEqual([]);
  });

  it('knows a message by its form, and refuses any other', () => {
    const said = { type: 'GCPReady', status: 'True', reason: 'GCPReady', message: 'The leader is node n-1' };
    expect(strangerTo(rows, 'GKEIPRoute', said)).toBeUndefined();
    expect(strangerTo(rows, 'GKEIPRoute', { ...said, message: 'Fine' })).toMatch(/no form/);
    expect(strangerTo(rows, 'GKEIPRoute', { ...said, reason: 'Fine' })).toMatch(/no row/);
  });
});
