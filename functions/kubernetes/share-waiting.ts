/**
 * One read for all who wait. A caller gets the answer of a request that was sent after its call, never an older one: who
 * comes while a read is under way waits for the next, and shares it with everybody else who waits. So a burst costs two
 * reads, and completeness needs no clock. Source: design/events.md, *From Pod to routes*.
 */
export const shareWaiting = <T>(read: (key: string) => Promise<T>): ((key: string) => Promise<T>) => {
  const underWay = new Map<string, Promise<unknown>>();
  const waiting = new Map<string, Promise<T>>();
  const start = (key: string): Promise<T> => {
    const reading = read(key);
    const ended: Promise<unknown> = reading
      .catch(() => undefined)
      .finally(() => {
        if (underWay.get(key) === ended) underWay.delete(key);
      });
    underWay.set(key, ended);
    return reading;
  };
  return (key) => {
    const shared = waiting.get(key);
    if (shared !== undefined) return shared;
    const before = underWay.get(key);
    if (before === undefined) return start(key);
    const next = before.then(() => {
      waiting.delete(key);
      return start(key);
    });
    waiting.set(key, next);
    return next;
  };
};
