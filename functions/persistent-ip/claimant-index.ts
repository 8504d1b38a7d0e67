import { blocksOf } from './claims.ts';
import type { Route } from './objects.ts';

/**
 * Which route claims an address: of those whose blocks hold it the first in the list. Blocks lie at multiples of their size,
 * so an address is in one block of each length at most, and ten thousand routes are asked by as many look-ups as there
 * are lengths of prefixes among them.
 */
export const claimantIndex = (routes: readonly Route[]): ((ip: number) => Route | undefined) => {
  /** By the size of blocks, then by the first address: the place in the list. */
  const bySize = new Map<number, Map<number, number>>();
  for (const [place, route] of routes.entries())
    for (const { first, last } of blocksOf(route)) {
      const size = last - first + 1;
      const blocks = bySize.get(size) ?? new Map<number, number>();
      if (!blocks.has(first)) blocks.set(first, place);
      bySize.set(size, blocks);
    }
  return (ip) => {
    let found = Number.POSITIVE_INFINITY;
    for (const [size, blocks] of bySize)
      found = Math.min(found, blocks.get(Math.floor(ip / size) * size) ?? Number.POSITIVE_INFINITY);
    return routes[found];
  };
};
