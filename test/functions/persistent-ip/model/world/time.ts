/** When a generated second was. */
const epoch = Date.parse('2026-11-24T13:00:00Z');
export const time = (seconds: number): string =>
  `${new Date(epoch + seconds * 1000).toISOString().slice(0, 19)}Z`;
