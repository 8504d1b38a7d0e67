import type { IncomingMessage } from 'node:http';
import { ComputeError } from './errors.ts';

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
  /** True if the method may change something: not for GET, `wait` and `listNetworkEndpoints`. */
  readonly mutation: boolean;
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

/** What one request is and says, filled in as far as it was understood. */
export class Exchange {
  readonly url: URL;
  readonly query: Record<string, string>;
  principal = '';
  text = '';
  mutation: boolean;
  readonly request: IncomingMessage;

  constructor(request: IncomingMessage) {
    this.request = request;
    this.url = new URL(request.url ?? '/', 'http://localhost');
    this.query = Object.fromEntries(this.url.searchParams);
    this.mutation = request.method !== 'GET';
  }

  get verb(): string {
    return this.request.method ?? 'GET';
  }

  /** @throws ComputeError 413 */
  async read(): Promise<void> {
    this.text = await textOf(this.request);
  }

  counted(status: number): ComputeCall {
    const { verb: method, url, query, principal, mutation } = this;
    return { method, path: url.pathname, query, body: this.#body(), status, principal, mutation };
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
