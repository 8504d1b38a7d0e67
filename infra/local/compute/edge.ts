import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Identities } from '../identities.ts';
import { checkBody, checkQuery } from './check.ts';
import type { Descriptors, Method } from './descriptors.ts';
import { ComputeError, notFound, unauthenticated } from './errors.ts';
import type { Faults } from './faults.ts';
import { placeOf } from './resource-url.ts';
import { handlerOf, scopeOfPath } from './router.ts';
import type { Call, World } from './world.ts';

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

export interface EdgeOptions {
  readonly world: World;
  readonly api: Descriptors;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly latencyMs: number;
  readonly identities?: Identities;
  readonly defaultPrincipal?: string;
  /** The projects that exist. */
  readonly projects: ReadonlySet<string>;
  /** The region and zones that exist. */
  readonly places: ReadonlySet<string>;
  counted(call: ComputeCall): void;
}

const prefix = '/compute/v1/';
/** More than any request of this API needs. */
const maxBody = 4 * 1024 * 1024;

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBody) throw new ComputeError(413, 'uploadTooLarge', 'Request Too Large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};

const principalOf = (options: EdgeOptions, authorization: string | undefined): string => {
  const { identities, defaultPrincipal } = options;
  if (identities === undefined) return defaultPrincipal ?? 'anonymous';
  const known = identities.principalOf(authorization)?.name;
  if (known !== undefined) return known;
  if (authorization === undefined && defaultPrincipal !== undefined) return defaultPrincipal;
  throw authorization === undefined
    ? unauthenticated('Login Required.')
    : unauthenticated(
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or ' +
          'other valid authentication credential.',
      );
};

/** @throws ComputeError 404 for a project, region or zone that does not exist */
const checkPlace = (options: EdgeOptions, path: readonly string[]): void => {
  const project = path[1] ?? '';
  if (!options.projects.has(project)) throw notFound(`projects/${project}`);
  const scope = scopeOfPath(path);
  const place = placeOf(scope);
  if (place !== '' && !options.places.has(place)) throw notFound(scope);
};

const parametersOf = (method: Method, path: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    method.path.flatMap((segment, i) =>
      segment.startsWith('{') ? [[segment.slice(1, -1), path[i] ?? '']] : [],
    ),
  );

const readOnlyPosts = new Set(['Wait', 'ListNetworkEndpoints']);

/** What one request is and says, filled in as far as it was understood. */
class Exchange {
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

const handle = async (exchange: Exchange, options: EdgeOptions): Promise<{ body: object; lost: boolean }> => {
  const { url, verb, query } = exchange;
  const { world, api } = options;
  exchange.text = await read(exchange.request);
  exchange.principal = principalOf(options, exchange.request.headers.authorization);
  const path = url.pathname.startsWith(prefix)
    ? url.pathname.slice(prefix.length).split('/').map(decodeURIComponent)
    : [];
  const method = api.match(verb, path);
  if (method === undefined) throw notFound(url.pathname);
  if (readOnlyPosts.has(method.name)) exchange.mutation = false;
  const handler = handlerOf(method);
  const strike = options.faults.strike(verb, path.join('/'));
  if (strike.hangUp === 'before') throw new HangUp();
  if (strike.refusal !== undefined) throw strike.refusal;
  checkQuery(method, query);
  const body = checkBody(api, method, exchange.text);
  checkPlace(options, path);
  const call: Call = {
    method,
    params: parametersOf(method, path),
    scope: scopeOfPath(path),
    name: nameIn(method, path),
    query,
    body,
    principal: exchange.principal,
    ...(strike.fate === undefined ? {} : { fate: strike.fate }),
  };
  const answer = world.repeated(call) ?? (await handler(call, world, api));
  return { body: answer, lost: strike.hangUp === 'after' };
};

/** The last parameter of the path. */
const nameIn = (method: Method, path: readonly string[]): string =>
  path[method.path.findLastIndex((segment) => segment.startsWith('{'))] ?? '';

class HangUp extends Error {}

const serve = async (request: IncomingMessage, response: ServerResponse, options: EdgeOptions) => {
  const exchange = new Exchange(request);
  const answer = (status: number, body: object) => {
    options.counted(exchange.counted(status));
    response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
    response.end(JSON.stringify(body));
  };
  try {
    const { body, lost } = await handle(exchange, options);
    if (lost) throw new HangUp();
    answer(200, body);
  } catch (error) {
    if (error instanceof HangUp) {
      options.counted(exchange.counted(0));
      response.destroy();
    } else if (error instanceof ComputeError) {
      answer(error.status, error.body());
    } else {
      const failure = new ComputeError(500, 'backendError', `The local Compute API failed: ${String(error)}`);
      answer(500, failure.body());
    }
  }
};

/** The HTTP side of the API: who asks, what, whether it is well formed; and the answer. */
export const edge =
  (options: EdgeOptions): RequestListener =>
  (request, response) => {
    const start = () => void serve(request, response, options);
    if (options.latencyMs === 0) start();
    else options.clock.after(options.latencyMs, start);
  };
