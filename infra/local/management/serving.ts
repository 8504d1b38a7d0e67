import { connect } from 'node:net';

/** Whether somebody listens at a URL's port, by connecting to it: nothing is remembered. */
export const isServing = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    const say = (serves: boolean) => () => {
      socket.destroy();
      resolve(serves);
    };
    socket.once('connect', say(true));
    socket.once('error', say(false));
  });
