/** The middle of an odd number of values, the mean of the two in the middle of an even one. @throws RangeError for none */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  if (low === undefined || high === undefined) throw new RangeError('there is no median of no values');
  return (low + high) / 2;
};

/**
 * Runs each contestant once, then all of them again: whatever else the machine does meets them alike. One round in front
 * is not counted, because it warms the caches of the file system.
 */
export const alternate = async <Name extends string, T>(
  contestants: Readonly<Record<Name, () => Promise<T>>>,
  rounds: number,
): Promise<Record<Name, T[]>> => {
  const names = Object.keys(contestants) as Name[];
  const runs = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>;
  for (const name of names) await contestants[name]();
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) runs[name].push(await contestants[name]());
  return runs;
};
