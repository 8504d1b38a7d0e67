/**
 * Works on items side by side, so many at once and the last ones first.
 * @param goesOn asked before each: once it says no, what has not begun is left
 * @returns how many are left
 */
export const sideBySide = async <T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
  goesOn: () => boolean = () => true,
): Promise<number> => {
  let left = items.length;
  const worker = async (): Promise<void> => {
    while (left > 0 && goesOn()) {
      left -= 1;
      await work(items[left] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return left;
};
