import { describe, expect, it } from 'vitest';
import { findCondition } from '../../../functions/persistent-ip/conditions.ts';
import type { Condition, Route } from '../../../functions/persistent-ip/objects.ts';
import {
  fieldManager,
  mayWrite,
  overwriterOf,
  withSecondController,
} from '../../../functions/persistent-ip/second-controller.ts';
import { isLookDue } from '../../../functions/persistent-ip/sweep-times.ts';
import { condition, metadata, route, start } from '../fixtures.ts';

const ago = (seconds: number): string =>
  `${new Date(start.getTime() - seconds * 1000).toISOString().slice(0, 19)}Z`;

/** Seconds since our last write of the status, and since the other's. */
const written = (ours: number | undefined, theirs: number | undefined, more: Partial<Route> = {}): Route =>
  route(undefined, {
    statusWriters: [
      ...(ours === undefined ? [] : [{ manager: fieldManager, at: ago(ours) }]),
      ...(theirs === undefined ? [] : [{ manager: 'gke-controller', at: ago(theirs) }]),
    ],
    ...more,
  });
const noted: Condition = {
  ...condition('SecondController', 'True', 'StatusRewritten', 'noted'),
  lastTransitionTime: ago(100),
};

describe('the status of a route is overwritten', () => {
  it.each<[string, number | undefined, number | undefined, boolean]>([
    ['when another manager wrote after us', 60, 10, true],
    ['when it wrote in the second of our own write', 60, 60, true],
    ['not when it wrote before us', 60, 61, false],
    ['not when nobody else wrote', 60, undefined, false],
    ['not when we never wrote: then it was another’s, or an earlier release’s of ours', undefined, 10, false],
  ])('%s', (_, ours, theirs, is) => {
    expect(overwriterOf(written(ours, theirs)) !== undefined).toBe(is);
  });

  it('by whoever wrote last', () => {
    const statusWriters = [
      { manager: 'early', at: ago(20) },
      { manager: fieldManager, at: ago(60) },
      { manager: 'late', at: ago(10) },
    ];
    expect(overwriterOf({ statusWriters })?.manager).toBe('late');
  });
});

describe('while somebody overwrites it', () => {
  it('a delivery writes when our last write is a minute ago', () => {
    expect(mayWrite(written(59, 10), start, 0)).toBe(false);
    expect(mayWrite(written(60, 10), start, 0)).toBe(true);
  });

  it('a delivery that has begun to write may finish a move, and no more', () => {
    expect([1, 2, 3, 4].map((writes) => mayWrite(written(0, 0), start, writes))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('a route that is being deleted is not held up', () => {
    const deletionTimestamp = ago(5);
    expect(mayWrite(written(5, 1, { metadata: metadata('nat', { deletionTimestamp }) }), start, 9)).toBe(
      true,
    );
  });

  it('the sweep looks every minute, however ready the status calls itself', () => {
    const ready = { ...condition('Ready', 'True', 'ProgrammingComplete'), lastTransitionTime: ago(3600) };
    const status = { pods: ['nat-1'], conditions: [ready] };
    expect(isLookDue(written(600, 10, { status }), 'minute', start)).toBe(true);
    expect(isLookDue(written(600, 700, { status }), 'minute', start)).toBe(false);
  });
});

describe('the condition SecondController', () => {
  const others = [condition('Ready', 'True', 'ProgrammingComplete')];
  const said = (one: Route) => findCondition(withSecondController(one, others, start), 'SecondController');
  const before = { pods: [], conditions: [noted] };

  it('names who overwrites, and is absent otherwise', () => {
    expect(said(written(60, 10))).toMatchObject({
      status: 'True',
      reason: 'StatusRewritten',
      message: expect.stringContaining('"gke-controller"'),
      observedGeneration: 1,
    });
    expect(withSecondController(written(60, 61), others, start)).toEqual(others);
  });

  it('keeps the time since when: it is news once', () => {
    expect(said(written(60, 10, { status: before }))?.lastTransitionTime).toBe(ago(100));
  });

  it('stays until what we wrote has stood for an hour', () => {
    expect(said(written(3599, 4000, { status: before }))).toEqual(noted);
    expect(said(written(3600, 4000, { status: before }))).toBeUndefined();
  });
});
