import { type Options, type Outcome, simulate } from './simulate.ts';

/** Stories that may be told to find a shorter one. */
const mostTries = 400;

/**
 * Leaves out of a failing story whatever it fails without: halves of what is left first, then smaller pieces, down to
 * single faults and actions (delta debugging). It may fail differently, but of the same invariant.
 *
 * @returns the outcome of the shortest story that was found, and what it leaves out
 */
export const shrink = async (
  failing: Outcome,
  options: Omit<Options, 'without'> = {},
): Promise<{ readonly outcome: Outcome; readonly without: ReadonlySet<string> }> => {
  let outcome = failing;
  let without: ReadonlySet<string> = new Set();
  let tries = 0;
  for (let size = Math.ceil(failing.ingredients.length / 2); size >= 1; ) {
    let found = false;
    const left = outcome.ingredients;
    for (let at = 0; at < left.length && tries < mostTries; at += size) {
      tries += 1;
      const fewer = new Set([...without, ...left.slice(at, at + size)]);
      const next = await simulate(failing.seed, { ...options, without: fewer });
      if (next.violation?.invariant !== failing.violation?.invariant) continue;
      if (next.ingredients.length >= outcome.ingredients.length) continue;
      outcome = next;
      without = fewer;
      found = true;
      break;
    }
    if (tries >= mostTries) break;
    if (!found) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return { outcome, without };
};
