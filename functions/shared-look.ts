/** What a look found or will find, for those who ask the same soon. */
export interface Look<T> {
  /** Milliseconds since 1970. */
  readonly began: number;
  /** From its beginning on, how long it is told to others, milliseconds. */
  freshMs: number;
  readonly found: Promise<T>;
}

/** How long others join a look that is under way, milliseconds: one that hangs must not be waited for by everybody. */
const underWayMs = 60_000;

/**
 * One look for all who ask the same: while it is under way, and then until it is as old as `freshOf` says of what it found.
 * One that failed is told to those alone who waited for it.
 */
export const sharedLook = <T>(
  looks: Map<string, Look<T>>,
  key: string,
  now: number,
  look: () => Promise<T>,
  freshOf: (found: T) => number,
): Promise<T> => {
  const known = looks.get(key);
  // One that lies ahead is of a clock that has since been set right.
  if (known !== undefined && known.began <= now && now < known.began + known.freshMs) return known.found;
  const made: Look<T> = {
    began: now,
    freshMs: underWayMs,
    found: look().then(
      (found) => {
        made.freshMs = freshOf(found);
        return found;
      },
      (error: unknown) => {
        made.freshMs = 0;
        throw error;
      },
    ),
  };
  looks.set(key, made);
  return made.found;
};
