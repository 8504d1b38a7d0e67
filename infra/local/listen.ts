import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * How long a connection without a request stays open, ms: Node's own five seconds are over before a busy process has come
 * round to the request that its caller has sent on it already.
 */
export const idleTimeout = 600_000;

/** A server on the loopback interface. */
export interface Listening {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Closes the socket and every open connection (watches, keep-alive), and resolves when all are gone. */
  close(): Promise<void>;
}

/**
 * Serves `app` on 127.0.0.1 and nowhere else.
 * @param port 0 (the default) takes a free port
 * @throws Error naming the port when it is busy
 */
export const listen = (app: RequestListener, port = 0): Promise<Listening> =>
  new Promise((resolve, reject) => {
    const server = createServer({ keepAliveTimeout: idleTimeout }, app);
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} is busy: choose another one, or 0 for a free one`, { cause: error })
          : error,
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const bound = (server.address() as AddressInfo).port;
      resolve({
        url: `http://127.0.0.1:${bound}`,
        port: bound,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
