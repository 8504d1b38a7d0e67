/** A clock that only sleeping moves. */
export const fakePace = (start = Date.parse('2026-01-01T00:00:00Z')) => {
  const naps: number[] = [];
  let time = start;
  return {
    naps,
    now: () => new Date(time),
    random: () => 0.5,
    sleep: (ms: number) => {
      naps.push(ms);
      time += ms;
      return Promise.resolve();
    },
  };
};
