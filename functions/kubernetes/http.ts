import {
  type Configuration,
  createConfiguration,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';

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
        const response = await fetch(request.getUrl(), {
          method: request.getHttpMethod().toString(),
          headers: request.getHeaders(),
          signal: AbortSignal.timeout(timeout),
          ...(typeof body === 'string' ? { body } : {}),
        });
        return new ResponseContext(response.status, Object.fromEntries(response.headers), {
          text: () => response.text(),
          binary: async () => Buffer.from(await response.arrayBuffer()),
          stream: () => response.body,
        });
      },
    }),
  });
