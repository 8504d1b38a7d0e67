/** A read that is made at the first question, and whose answer, or failure, serves all others. */
export const once = <Given extends readonly unknown[], T>(
  read: (...given: Given) => Promise<T>,
): ((...given: Given) => Promise<T>) => {
  let reading: Promise<T> | undefined;
  return (...given) => {
    reading ??= read(...given);
    return reading;
  };
};

/** The same for each key. */
export const onceFor = <T>(read: (key: string) => Promise<T>): ((key: string) => Promise<T>) => {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const reading = known.get(key) ?? read(key);
    known.set(key, reading);
    return reading;
  };
};
