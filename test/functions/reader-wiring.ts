import type { Wiring } from '../../functions/wiring.ts';
import type { World } from './world.ts';

/** What the page is answered with: one cluster, and an audit log in which nothing happened. */
export const readerWiring = (world: World, now: () => number): Wiring =>
  ({
    runtime: { ...world.deps.runtime, now: () => new Date(now()) },
    clusters: () => [world.deps],
    readers: () => [world.deps],
    history: { page: () => Promise.resolve({ entries: [], next: undefined }) },
    movesSeen: new Map(),
    overviewSeen: new Map(),
    routesSeen: new Map(),
  }) as unknown as Wiring;
