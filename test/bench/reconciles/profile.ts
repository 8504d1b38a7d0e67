import { type Profiler, Session } from 'node:inspector/promises';

/** Whose code a frame is: a package, Node, or ours. */
const ownerOf = (url: string): string => {
  const place = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (place !== undefined) return place;
  if (url.includes('/functions/') || url.includes('/events/')) return 'ours';
  return url.includes('/test/') ? 'the bench' : 'Node';
};

/** Shares of the time that was not idle, by whose code it was spent in, the largest first. */
export const sharesOf = ({
  nodes,
  samples = [],
  timeDeltas = [],
}: Profiler.Profile): readonly [string, number][] => {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const spent = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const frame = byId.get(id);
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const owner = frame.functionName === '(garbage collector)' ? 'garbage collection' : ownerOf(frame.url);
    spent.set(owner, (spent.get(owner) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const all = [...spent.values()].reduce((sum, value) => sum + value, 0);
  return [...spent]
    .map(([owner, value]) => [owner, value / all] as [string, number])
    .sort((a, b) => b[1] - a[1]);
};

export const profiled = async (work: () => Promise<unknown>): Promise<Profiler.Profile> => {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await work();
    return (await session.post('Profiler.stop')).profile;
  } finally {
    session.disconnect();
  }
};
