import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IdentityCheck } from './push-handler.ts';
import type { Runtime } from './reconciler/dependencies.ts';

/** What came in, as far as a reader's question goes. */
export interface ReadRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly ifNoneMatch: string | undefined;
  /** What a question is about, where a path and a query cannot hold it. */
  readonly content?: Content;
}

/** A body as it came, without what anybody else has made of it. */
export interface Content {
  /** The media type alone, in lower case; empty: none was named. */
  readonly type: string;
  readonly bytes: Buffer;
}

export interface ReadAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The Functions Framework keeps the bytes beside what it has made of them. */
type Request = IncomingMessage & { readonly rawBody?: Buffer };

/** `application/json; charset=utf-8` as `application/json`. */
const mediaType = (header = ''): string => header.split(';')[0]?.trim().toLowerCase() ?? '';

/** The frame of what people read: nobody unknown learns anything, and no exception tells them more than its code. */
export const readHandler =
  (runtime: Runtime, check: IdentityCheck, answer: (request: ReadRequest) => Promise<ReadAnswer>) =>
  async (request: Request, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers, rawBody } = request;
    const end = ({ status, headers: said, body }: ReadAnswer): void => {
      response.writeHead(status, said);
      response.end(method === 'HEAD' ? undefined : body);
    };
    try {
      const identity = await check(headers.authorization);
      if (!identity.ok) {
        runtime.log('WARNING', 'unauthorised reader', { function: 'inventory', why: identity.why });
        return end(refusal(identity.status, 'your token does not let you read this'));
      }
      const content =
        rawBody === undefined ? undefined : { type: mediaType(headers['content-type']), bytes: rawBody };
      const asked = { method, url, ifNoneMatch: headers['if-none-match'] };
      end(await answer({ ...asked, ...(content && { content }) }));
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      runtime.log('ERROR', 'fault in a function', { function: 'inventory', name, message, stack });
      end(refusal(500, 'a fault in the function: its log has more'));
    }
  };

const refusal = (code: number, message: string): ReadAnswer => ({
  status: code,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ error: { code, message } }),
});
