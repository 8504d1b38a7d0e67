import type { IncomingMessage } from 'node:http';
import { ComputeError } from '../errors.ts';

/** One request as it was counted at the HTTP edge, whatever became of it. */
export interface ComputeCall {
  readonly method: string;
  /** `/compute/v1/projects/...`, without the query */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The body as JSON; `undefined` if there was none, a string if it was no JSON. */
  readonly body: unknown;
  readonly status: number;
  readonly principal: string;
  /** Empty where the caller says none, and in a batch. */
  readonly userAgent: string;
  /** True if the method may change something: not for GET, `wait` and `listNetworkEndpoints`. */
  readonly mutation: boolean;
}

/** A request as it arrives: by itself or in a batch. */
export interface Asked {
  readonly verb: string;
  /** Path and query. */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly userAgent?: string | undefined;
  /** The body. @throws ComputeError 413 */
  read(): Promise<string>;
}

/** More than any request of this API needs. */
const maxBody = 4 * 1024 * 1024;

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBody) throw new ComputeError(413, 'uploadTooLarge', 'Request Too Large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};

/** A request that came by itself. */
export const askedBy = (request: IncomingMessage): Asked => ({
  verb: request.method ?? 'GET',
  target: request.url ?? '/',
  authorization: request.headers.authorization,
  userAgent: request.headers['user-agent'],
  read: () => textOf(request),
});

/** What one request is and says, filled in as far as it was understood. */
export class Exchange {
  readonly url: URL;
  readonly query: Record<string, string>;
  principal = '';
  text = '';
  mutation: boolean;
  readonly asked: Asked;

  constructor(asked: Asked) {
    this.asked = asked;
    // Not every target is a path: `OPTIONS *`.
    this.url = new URL(`http://localhost${asked.target.startsWith('/') ? asked.target : '/'}`);
    this.query = Object.fromEntries(this.url.searchParams);
    this.mutation = asked.verb !== 'GET';
  }

  get verb(): string {
    return this.asked.verb;
  }

  /** @throws ComputeError 413 */
  async read(): Promise<void> {
    this.text = await this.asked.read();
  }

  counted(status: number): ComputeCall {
    const { verb: method, url, query, principal, mutation } = this;
    const { userAgent = '' } = this.asked;
    return { method, path: url.pathname, query, body: this.#body(), status, principal, userAgent, mutation };
  }

  #body(): unknown {
    if (this.text === '') return undefined;
    try {
      return JSON.parse(this.text);
    } catch {
      return this.text;
    }
  }
}
