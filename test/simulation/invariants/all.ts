import { auditLog } from './audit.ts';
import { convergence } from './convergence.ts';
import { goodNeighbour } from './good-neighbour.ts';
import type { Invariant } from './invariant.ts';
import { noOrphans } from './no-orphans.ts';
import { noTheft } from './no-theft.ts';
import { noWar } from './no-war.ts';
import { oneOwner } from './one-owner.ts';
import { truthfulReady } from './truthful-ready.ts';

/** design/concepts.md, *Invariants*, in their order. */
export const invariants: readonly Invariant[] = [
  oneOwner,
  truthfulReady,
  convergence,
  noOrphans,
  noTheft,
  auditLog,
  goodNeighbour,
  noWar,
];
