import {
  type Configuration,
  createConfiguration,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import { inTime } from '../in-time.ts';

export interface ConnectionOptions {
  /** The cluster's DNS-based endpoint, or the local cloud's. */
  readonly endpoint: string;
  /** A token that is valid now. */
  readonly token: () => Promise<string>;
  /** How long an answer may take, milliseconds; 15,000 unless given. */
  readonly timeout?: number;
}

/** Longer than any answer of a healthy API server, shorter than a delivery's budget, milliseconds. */
const requestTimeout = 15_000;

/** A whole answer, in time. */
const answered = (url: string, init: RequestInit, timeout: number) =>
  inTime(timeout, async (signal) => {
    const response = await fetch(url, { ...init, signal });
    const { status, headers } = response;
    return { status, headers, bytes: Buffer.from(await response.arrayBuffer()) };
  });

/**
 * The client's configuration: the process's `fetch` (one keep-alive pool, and the one that nock sees; the client's own
 * library brings a second undici), a fresh token for each request, a time limit for each.
 */
export const connect = ({ endpoint, token, timeout = requestTimeout }: ConnectionOptions): Configuration =>
  createConfiguration({
    baseServer: new ServerConfiguration(endpoint.replace(/\/$/, ''), {}),
    authMethods: {
      default: {
        getName: () => 'token',
        applySecurityAuthentication: async (context) => {
          context.setHeaderParam('Authorization', `Bearer ${await token()}`);
        },
      },
    },
    httpApi: wrapHttpLibrary({
      send: async (request) => {
        const body = request.getBody();
        const init = {
          method: request.getHttpMethod().toString(),
          headers: request.getHeaders(),
          ...(typeof body === 'string' ? { body } : {}),
        };
        const { status, headers, bytes } = await answered(request.getUrl(), init, timeout);
        return new ResponseContext(status, Object.fromEntries(headers), {
          text: () => Promise.resolve(bytes.toString()),
          binary: () => Promise.resolve(bytes),
          stream: () => new Response(bytes).body,
        });
      },
    }),
  });
