import { describe, expect, it } from 'vitest';
import { isEmptySelector, selectorProblem, selects } from '../../../functions/persistent-ip/selector.ts';

const expression = (operator: string, values?: string[]) => ({
  matchExpressions: [{ key: 'tier', operator, ...(values && { values }) }],
});

describe('a selector selects as Kubernetes selects', () => {
  it.each([
    ['In', ['a'], { tier: 'a' }, true],
    ['In', ['a'], {}, false],
    ['NotIn', ['a'], {}, true],
    ['NotIn', ['a'], { tier: 'a' }, false],
    ['Exists', undefined, { tier: '' }, true],
    ['Exists', undefined, {}, false],
    ['DoesNotExist', undefined, {}, true],
    ['DoesNotExist', undefined, { tier: 'a' }, false],
  ])('%s %s of %o is %s', (operator, values, labels, expected) => {
    expect(selects(expression(operator, values as string[]), labels as Record<string, string>)).toBe(
      expected,
    );
  });

  it('labels of the object’s prototype are no labels', () => {
    expect(selects({ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, {})).toBe(false);
  });
});

describe('a selector is refused with what is wrong', () => {
  it.each([
    [expression('In'), /needs values/],
    [expression('Exists', ['a']), /takes no values/],
    [expression('Like', ['a']), /is none of/],
    [{ matchLabels: { 'not a key': 'x' } }, /not a label key/],
    [{ matchLabels: { app: 'not a value' } }, /not a label value/],
    [{ matchLabels: { 'Example.com/app': 'x' } }, /not a label key/],
  ])('%o', (selector, problem) => {
    expect(selectorProblem(selector)).toMatch(problem);
  });

  it('a good one has no problem', () => {
    expect(selectorProblem({ matchLabels: { 'example.com/app': 'nat', tier: '' } })).toBeUndefined();
  });
});

it('no labels and no expressions is empty', () => {
  expect(isEmptySelector({})).toBe(true);
  expect(isEmptySelector({ matchLabels: {}, matchExpressions: [] })).toBe(true);
  expect(isEmptySelector({ matchLabels: { app: 'nat' } })).toBe(false);
});
