import type { KubeObject } from './objects.ts';
import { pathOf, type Ref, type Resource } from './resources.ts';

/** What the API server refused. `reason` is the Status's machine-readable word (`Conflict`, `NotFound`). */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  constructor(code: number, reason: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
  }
}

export const isRefusal = (error: unknown, code: number): boolean =>
  error instanceof ApiError && error.code === code;

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: T }
  | { readonly type: 'ERROR'; readonly object: { readonly code?: number; readonly message?: string } };

export interface ApiOptions {
  readonly url: string;
  readonly token: string;
  /** Ends every request, and every watch, of this client. */
  readonly signal: AbortSignal;
  readonly userAgent: string;
  /** For an API server behind TLS: a `fetch` that trusts its certificate. */
  readonly fetch?: typeof fetch | undefined;
}

/** One user's connection to a Kubernetes API. Every call rejects with `ApiError`, or with fetch's own error when nothing answers. */
export interface Api {
  list<T extends KubeObject>(
    resource: Resource,
    query: string,
  ): Promise<{ readonly items: T[]; readonly resourceVersion: string }>;
  get<T extends KubeObject>(resource: Resource, ref: Ref): Promise<T>;
  create<T extends KubeObject>(resource: Resource, ref: Ref, body: object): Promise<T>;
  /** PUT with the `resourceVersion` that `object` carries. */
  update<T extends KubeObject>(resource: Resource, object: T, subresource?: string): Promise<T>;
  /** A strategic merge patch, as kubelets and controllers send it. */
  patch<T extends KubeObject>(resource: Resource, ref: Ref, patch: object): Promise<T>;
  /** Answers the object while it is on its way out, or the Status of one that is gone. */
  remove<T extends KubeObject>(resource: Resource, ref: Ref, options: object): Promise<T>;
  /** The events after `resourceVersion`, until the server ends the stream. */
  watch<T extends KubeObject>(
    resource: Resource,
    query: string,
    resourceVersion: string,
  ): AsyncGenerator<WatchEvent<T>>;
}

const refusal = async (response: Response): Promise<ApiError> => {
  const text = await response.text();
  try {
    const status = JSON.parse(text) as { reason?: string; message?: string };
    return new ApiError(response.status, status.reason ?? '', status.message ?? text);
  } catch {
    return new ApiError(response.status, '', text);
  }
};

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts.filter((line) => line !== '');
  }
}

export const connect = (options: ApiOptions): Api => {
  const send = async (method: string, path: string, body?: object, type?: string): Promise<Response> => {
    const response = await (options.fetch ?? fetch)(options.url + path, {
      method,
      signal: options.signal,
      headers: {
        authorization: `Bearer ${options.token}`,
        accept: 'application/json',
        'user-agent': options.userAgent,
        ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await refusal(response);
    return response;
  };
  const call = async <T>(method: string, path: string, body?: object, type?: string): Promise<T> =>
    (await (await send(method, path, body, type)).json()) as T;
  return {
    async list<T extends KubeObject>(resource: Resource, query: string) {
      const answer = await call<{ items: T[]; metadata: { resourceVersion: string } }>(
        'GET',
        `${pathOf(resource, {})}?${query}`,
      );
      return { items: answer.items, resourceVersion: answer.metadata.resourceVersion };
    },
    get: (resource, ref) => call('GET', pathOf(resource, ref)),
    create: ({ apiVersion, kind, ...resource }, ref, body) =>
      call('POST', pathOf({ apiVersion, kind, ...resource }, ref), { apiVersion, kind, ...body }),
    update: (resource, object, subresource) =>
      call('PUT', pathOf(resource, { ...object.metadata, subresource }), {
        ...object,
        // Items of a list come without these two.
        apiVersion: resource.apiVersion,
        kind: resource.kind,
      }),
    patch: (resource, ref, patch) =>
      call('PATCH', pathOf(resource, ref), patch, 'application/strategic-merge-patch+json'),
    remove: (resource, ref, body) =>
      call('DELETE', pathOf(resource, ref), { apiVersion: 'v1', kind: 'DeleteOptions', ...body }),
    async *watch<T extends KubeObject>(resource: Resource, query: string, resourceVersion: string) {
      const path = `${pathOf(resource, {})}?watch=true&allowWatchBookmarks=true&timeoutSeconds=240&resourceVersion=${resourceVersion}&${query}`;
      const { body } = await send('GET', path);
      if (body !== null) for await (const line of lines(body)) yield JSON.parse(line) as WatchEvent<T>;
    },
  };
};
