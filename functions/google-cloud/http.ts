import { AuthClient, type gaxios } from 'google-auth-library';

/** Where bearer tokens come from: Google's credentials, or the local cloud's. */
export interface TokenSource {
  /** A token that is valid now; its caching is the source's own. */
  token(): Promise<string>;
}

/** An answer of a Google API that is no success, with the reason that Google's client would drop. */
export class HttpError extends Error {
  /** HTTP status. The client takes it for its retry policy. */
  readonly status: number;
  /** `error.errors[0].reason` or the ErrorInfo's; empty when the body has none. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.reason = reason;
  }
}

/** No answer came: no token to ask with, a refused or broken connection, or the time was over. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'NoAnswer';
  }
}

/**
 * The transport of every Google client: the process's `fetch` (keep-alive, and the one that nock sees), a fresh token
 * for each request, and errors as they came. The clients map an answer's error to a gRPC code and drop its reason
 * for 400, 412 and 429; an error thrown here reaches us whole, as the `cause` of theirs.
 */
export class GoogleHttp extends AuthClient {
  readonly #tokens: TokenSource;

  constructor(tokens: TokenSource) {
    super({});
    this.#tokens = tokens;
  }

  override async getAccessToken(): Promise<{ token: string }> {
    return { token: await this.#tokens.token() };
  }

  override async getRequestHeaders(): Promise<Headers> {
    return new Headers({ authorization: `Bearer ${await this.#tokens.token()}` });
  }

  override request<T>(): gaxios.GaxiosPromise<T> {
    return Promise.reject(new Error('GoogleHttp serves the REST clients, which call fetch'));
  }

  // Without a token no request is sent: for the caller the same as no answer, whatever the token server said.
  async #token(): Promise<string> {
    try {
      return await this.#tokens.token();
    } catch (cause) {
      throw new NoAnswer(cause);
    }
  }

  // The clients call it with a URL and fetch options; gaxios' own options among them mean nothing to fetch.
  override async fetch<T>(
    ...[input, init]: Parameters<AuthClient['fetch']>
  ): Promise<gaxios.GaxiosResponse<T>> {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${await this.#token()}`);
    const { method, body, signal } = (init ?? {}) as RequestInit;
    const options: RequestInit = {
      headers,
      ...(method && { method }),
      ...(body && { body }),
      ...(signal && { signal }),
    };
    let response: Response;
    try {
      response = await fetch(String(input), options);
    } catch (cause) {
      throw new NoAnswer(cause);
    }
    if (response.ok) return response as gaxios.GaxiosResponse<T>;
    throw httpErrorOf(response.status, await response.text().catch(() => ''));
  }
}

const httpErrorOf = (status: number, body: string): HttpError => {
  const error = errorIn(body);
  const info = error?.details?.find((detail) => typeof detail.reason === 'string');
  const reason = error?.errors?.[0]?.reason ?? info?.reason ?? error?.status ?? '';
  return new HttpError(status, reason, error?.message ?? `HTTP ${status}`);
};

interface ErrorBody {
  readonly message?: string;
  readonly status?: string;
  readonly errors?: readonly { readonly reason?: string }[];
  readonly details?: readonly { readonly reason?: string }[];
}

const errorIn = (body: string): ErrorBody | undefined => {
  try {
    return (JSON.parse(body) as { error?: ErrorBody }).error;
  } catch {
    return undefined;
  }
};
