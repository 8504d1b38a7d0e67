import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '../../clock.ts';
import type { Identities } from '../../identities.ts';
import { ComputeError, invalid, notFound, unauthenticated } from '../errors.ts';
import type { Faults } from '../faults.ts';
import { placeOf } from '../resource-url.ts';
import type { Call, World } from '../world/world.ts';
import { batchAnswer, isBatch, type PartAnswer, partsOf } from './batch.ts';
import { checkBody, checkQuery } from './check.ts';
import type { Descriptors, Method } from './descriptors.ts';
import { type Asked, askedBy, type ComputeCall, Exchange } from './exchange.ts';
import { checkRights, type Rights } from './permission.ts';
import { handlerOf, scopeOfPath } from './router.ts';

export interface EdgeOptions {
  readonly world: World;
  readonly api: Descriptors;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly latencyMs: number;
  readonly identities?: Identities;
  readonly defaultPrincipal?: string;
  readonly rights: Rights;
  /** The projects that exist. */
  readonly projects: ReadonlySet<string>;
  /** The regions and zones that exist. */
  readonly places: ReadonlySet<string>;
  counted(call: ComputeCall): void;
}

const prefix = '/compute/v1/';
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

/**
 * @throws ComputeError 404 for a project that does not exist, 400 for a region or zone: *Invalid value for
 *   field 'zone': 'us-east1'. Unknown zone.* (as inspec-gcp #301 shows the whole answer)
 */
const checkPlace = (options: EdgeOptions, path: readonly string[]): void => {
  const project = path[1] ?? '';
  if (!options.projects.has(project)) throw notFound(`projects/${project}`);
  const scope = scopeOfPath(path);
  const place = placeOf(scope);
  if (place === '' || options.places.has(place)) return;
  const sort = scope.includes('/zones/') ? 'zone' : 'region';
  throw invalid(sort, place, `Unknown ${sort}.`);
};

const parametersOf = (method: Method, path: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    method.path.flatMap((segment, i) =>
      segment.startsWith('{') ? [[segment.slice(1, -1), path[i] ?? '']] : [],
    ),
  );

const readOnlyPosts = new Set(['Wait', 'ListNetworkEndpoints']);

const handle = async (exchange: Exchange, options: EdgeOptions): Promise<{ body: object; lost: boolean }> => {
  const { url, verb, query } = exchange;
  const { world, api } = options;
  await exchange.read();
  exchange.principal = principalOf(options, exchange.asked.authorization);
  const path = pathOf(url);
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
  checkRights(options.rights, call, world);
  const answer = world.repeated(call) ?? (await handler(call, world, api));
  return { body: answer, lost: strike.hangUp === 'after' };
};

/** The segments below `/compute/v1/`; none for another API's path or one that is not well encoded. */
const pathOf = ({ pathname }: URL): string[] => {
  if (!pathname.startsWith(prefix)) return [];
  try {
    return pathname.slice(prefix.length).split('/').map(decodeURIComponent);
  } catch {
    return [];
  }
};

/** The last parameter of the path. */
const nameIn = (method: Method, path: readonly string[]): string =>
  path[method.path.findLastIndex((segment) => segment.startsWith('{'))] ?? '';

class HangUp extends Error {}

const refusalOf = (error: unknown): ComputeError =>
  error instanceof ComputeError
    ? error
    : new ComputeError(500, 'backendError', `The local Compute API failed: ${String(error)}`);

/** The answer to one request, counted; `undefined` if the connection is to break. */
const answerTo = async (asked: Asked, options: EdgeOptions): Promise<PartAnswer | undefined> => {
  const exchange = new Exchange(asked);
  const answer = (status: number, body: object) => {
    options.counted(exchange.counted(status));
    return { status, body: JSON.stringify(body) };
  };
  try {
    const { body, lost } = await handle(exchange, options);
    if (lost) throw new HangUp();
    return answer(200, body);
  } catch (error) {
    if (error instanceof HangUp) {
      options.counted(exchange.counted(0));
      return undefined;
    }
    const refusal = refusalOf(error);
    return answer(refusal.status, refusal.body());
  }
};

const json = 'application/json; charset=UTF-8';

/** Its parts at the same time, as each may wait for an operation; one that hangs up takes all along. */
const serveBatch = async (request: IncomingMessage, options: EdgeOptions) => {
  const { authorization, read } = askedBy(request);
  try {
    const parts = partsOf(request.headers['content-type'], await read(), authorization);
    const answers = await Promise.all(
      parts.map(async (part) => [part, await answerTo(part.asked, options)] as const),
    );
    const all = answers.flatMap(([part, answer]) => (answer === undefined ? [] : [[part, answer] as const]));
    return all.length < parts.length ? undefined : { status: 200, ...batchAnswer(all) };
  } catch (error) {
    const refusal = refusalOf(error);
    return { status: refusal.status, contentType: json, body: JSON.stringify(refusal.body()) };
  }
};

const serve = async (request: IncomingMessage, response: ServerResponse, options: EdgeOptions) => {
  const batch = isBatch(request.method, request.url);
  const single = batch ? undefined : await answerTo(askedBy(request), options);
  const answer = batch ? await serveBatch(request, options) : single && { ...single, contentType: json };
  if (answer === undefined) {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': answer.contentType });
  response.end(answer.body);
};

/** The HTTP side of the API: who asks, what, whether it is well formed; and the answer. */
export const edge =
  (options: EdgeOptions): RequestListener =>
  (request, response) => {
    const start = () => void serve(request, response, options);
    if (options.latencyMs === 0) start();
    else options.clock.after(options.latencyMs, start);
  };
