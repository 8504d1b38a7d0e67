import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** The HTTPS side of a server: kubectl and other clients send a token over nothing else. */
export interface SecureDoor {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** The certificate of the authority that signed the server's own; made at its start, for it alone. */
  readonly caPem: string;
  /** The bearer token of a user, made at its first use. */
  tokenOf(name: string, groups?: readonly string[]): string;
}

interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A new authority, and a certificate of its for 127.0.0.1 and localhost. */
const certificates = async (): Promise<Certificates> => {
  // Loaded here, because most clusters of tests never need it and it takes its time.
  const { generate } = await import('selfsigned');
  const kind = { keyType: 'ec', algorithm: 'sha256' } as const;
  const authority = await generate([{ name: 'commonName', value: 'local-cloud-ca' }], {
    ...kind,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: 'commonName', value: 'kube-apiserver' }], {
    ...kind,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  });
  return { ca: authority.cert, cert: server.cert, key: server.private };
};

/**
 * Serves `app` on 127.0.0.1 over HTTPS, under a certificate made for this server.
 * @param port 0 takes a free port
 * @throws Error naming the port when it is busy
 */
export const listenSecurely = async (
  app: RequestListener,
  port: number,
): Promise<{ url: string; caPem: string; close(): Promise<void> }> => {
  const { ca, cert, key } = await certificates();
  const server = createServer({ cert, key }, app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const busy = cause.code === 'EADDRINUSE';
      reject(busy ? new Error(`port ${port} is busy: choose another one, or 0`, { cause }) : cause);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caPem: ca,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};
