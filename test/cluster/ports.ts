import { createServer } from 'node:net';

/** Below the range that Linux takes ports for outgoing connections from: nobody gets one of these by chance. */
const first = 20_000;
const last = 32_000;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** `count` free ports of the loopback interface, for programs that cannot be told to choose one themselves. */
export const freePorts = async (count: number, random: () => number = Math.random): Promise<number[]> => {
  const found = new Set<number>();
  while (found.size < count) {
    const port = first + Math.floor(random() * (last - first));
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
};
