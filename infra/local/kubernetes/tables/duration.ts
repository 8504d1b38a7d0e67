const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

const pair = (seconds: number, big: number, bigUnit: string, small: number, smallUnit: string): string => {
  const rest = Math.floor((seconds % big) / small);
  return `${Math.floor(seconds / big)}${bigUnit}${rest === 0 ? '' : `${rest}${smallUnit}`}`;
};

/** A time span as people read it, with ever less precision (apimachinery `util/duration`, HumanDuration). */
const humanDuration = (seconds: number): string => {
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 2 * minute) return `${seconds}s`;
  if (seconds < 10 * minute) return pair(seconds, minute, 'm', 1, 's');
  if (seconds < 3 * hour) return `${Math.floor(seconds / minute)}m`;
  if (seconds < 8 * hour) return pair(seconds, hour, 'h', minute, 'm');
  if (seconds < 2 * day) return `${Math.floor(seconds / hour)}h`;
  if (seconds < 8 * day) return pair(seconds, day, 'd', hour, 'h');
  if (seconds < 2 * year) return `${Math.floor(seconds / day)}d`;
  return seconds < 8 * year ? pair(seconds, year, 'y', day, 'd') : `${Math.floor(seconds / year)}y`;
};

/** How long ago a time is that an object holds: `<unknown>` when it holds none. */
export const age = (since: unknown, now: Date): string => {
  const then = typeof since === 'string' ? Date.parse(since) : Number.NaN;
  return Number.isNaN(then) ? '<unknown>' : humanDuration(Math.floor((now.getTime() - then) / 1000));
};
