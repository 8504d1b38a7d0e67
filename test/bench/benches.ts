import type { Bench } from './frame/figure.ts';

/**
 * All benches, by the name that `npm run bench -- NAME` takes; each is loaded only when it runs. A new one also gets its
 * pair of marks in docs/performance.md.
 */
export const benches = {
  'cold-start': async () => (await import('./cold-start/cold-start.ts')).default,
  move: async () => (await import('./move/move.ts')).default,
  filtering: async () => (await import('./filtering/filtering.ts')).default,
  sweep: async () => (await import('./sweep/sweep.ts')).default,
  reconciles: async () => (await import('./reconciles/reconciles.ts')).default,
  failover: async () => (await import('./failover/failover.ts')).default,
} satisfies Readonly<Record<string, () => Promise<Bench>>>;
