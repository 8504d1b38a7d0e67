import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contains } from '../../../functions/persistent-ip/cidr.ts';
import { claimantIndex } from '../../../functions/persistent-ip/claimant-index.ts';
import { blocksOf } from '../../../functions/persistent-ip/claims.ts';
import { route } from '../fixtures.ts';

it('an address belongs to the first route in the list that has a block with it', () => {
  // Few addresses, so that blocks hold each other; and values that are no CIDR.
  const value = fc.oneof(
    fc
      .tuple(fc.integer({ min: 0, max: 15 }), fc.constantFrom(0, 8, 28, 29, 30, 31, 32))
      .map(([last, length]) => `34.1.2.${last}/${length}`),
    fc.constantFrom('255.255.255.255/32', '34.1.2.3', 'nonsense', '::1/128'),
  );
  fc.assert(
    fc.property(fc.array(fc.array(value, { minLength: 1, maxLength: 3 }), { maxLength: 8 }), (lists) => {
      const routes = lists.map((values) => ({
        ...route(),
        addresses: values.map((cidr) => ({ type: '', value: cidr })),
      }));
      const claimantOf = claimantIndex(routes);
      const base = 34 * 2 ** 24 + 2 ** 16 + 2 * 2 ** 8;
      for (const ip of [0, base - 1, ...Array.from({ length: 17 }, (_, at) => base + at), 2 ** 32 - 1])
        expect(claimantOf(ip)).toBe(routes.find((one) => blocksOf(one).some((block) => contains(block, ip))));
    }),
    { numRuns: 300 },
  );
});

it('ten thousand routes are each read once, however many addresses are asked for', () => {
  let reads = 0;
  const routes = Array.from({ length: 10_000 }, (_, at) => {
    const one = route([`34.${at >> 16}.${(at >> 8) % 256}.${at % 256}`]);
    const { addresses } = one;
    return Object.defineProperty({ ...one }, 'addresses', {
      get: () => {
        reads += 1;
        return addresses;
      },
    });
  });
  const claimantOf = claimantIndex(routes);
  for (let at = 0; at < 10_000; at += 1) expect(claimantOf(34 * 2 ** 24 + at)).toBe(routes[at]);
  expect(reads).toBe(10_000);
});
