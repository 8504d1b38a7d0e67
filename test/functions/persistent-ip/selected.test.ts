import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LabelSelector } from '../../../functions/persistent-ip/objects.ts';
import { distinct, podsBySelector, selectedByAny } from '../../../functions/persistent-ip/selected.ts';
import { selects } from '../../../functions/persistent-ip/selector.ts';
import { pod } from '../fixtures.ts';

const key = fc.constantFrom('app', 'tier', 'zone');
const value = fc.constantFrom('a', 'b', 'c');
const labels = fc.dictionary(key, value);
const expression = fc.record({
  key,
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.array(value, { minLength: 1, maxLength: 2 }),
});
const selector: fc.Arbitrary<LabelSelector> = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 2 }) },
  { requiredKeys: [] },
);

it('what some selector selects is what one of them selects, tried one after the other', () => {
  fc.assert(
    fc.property(fc.array(selector, { maxLength: 8 }), labels, (selectors, those) => {
      expect(selectedByAny(selectors)(those)).toBe(selectors.some((one) => selects(one, those)));
    }),
    { numRuns: 500 },
  );
});

it('the Pods of a namespace and a selector are those that it selects there', () => {
  const pods = fc.array(fc.record({ labels, namespace: fc.constantFrom('edge', 'core') }), { maxLength: 12 });
  fc.assert(
    fc.property(pods, selector, (given, one) => {
      const all = given.map((metadata, index) => pod(`p-${index}`, { metadata }));
      expect(podsBySelector(all)('edge', one)).toEqual(
        all.filter(({ metadata }) => metadata.namespace === 'edge' && selects(one, metadata.labels)),
      );
    }),
    { numRuns: 500 },
  );
});

it('a selector that many routes have is tried once', () => {
  const one = { matchLabels: { app: 'a' } };
  expect(distinct([one, { ...one }, { matchLabels: { app: 'b' } }])).toHaveLength(2);
});
