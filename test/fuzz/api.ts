import { type Mutation, mutated } from './hostile.ts';
import { type JsonObject, kubernetesCollections, type Samples } from './samples.ts';

/** Where the functions find the world; nothing listens there, `fetch` is answered here. */
export const origins = {
  kubernetes: 'http://kubernetes.test',
  compute: 'http://compute.test',
  pubsub: 'http://pubsub.test',
  logging: 'http://logging.test',
  keys: 'http://keys.test',
} as const;

/** One request that a function sent. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  /** As whom; empty: as nobody. */
  readonly authorization: string;
}

/** What answers instead of what was asked for. */
export const oddAnswers = [
  { status: 401, body: '{}' },
  { status: 403, body: '{"error":{"message":"no","errors":[{"reason":"forbidden"}]}}' },
  { status: 404, body: '' },
  { status: 404, body: '{"kind":"Status","reason":"NotFound","code":404,"details":{"name":"x"}}' },
  { status: 404, body: '{"error":{"code":404,"message":"no","errors":[{"reason":"notFound"}]}}' },
  { status: 409, body: '{"kind":"Status","reason":"Conflict","code":409}' },
  { status: 410, body: '{"kind":"Status","reason":"Expired","code":410}' },
  { status: 412, body: '{"error":{"code":412,"errors":[{"reason":"conditionNotMet"}]}}' },
  { status: 429, body: '{"error":{"code":429,"errors":[{"reason":"rateLimitExceeded"}]}}' },
  { status: 403, body: '{"error":{"code":403,"errors":[{"reason":"quotaExceeded"}]}}' },
  { status: 500, body: 'null' },
  { status: 502, body: '<html>Bad Gateway</html>' },
  { status: 503, body: '{"error":"no object"}' },
  { status: 400, body: '{"error":{"errors":"no list","details":{"a":1}}}' },
  { status: 400, body: '{"error":{"errors":[null],"details":[null]}}' },
  { status: 302, body: '' },
  { status: 200, body: '' },
  { status: 200, body: 'null' },
  { status: 200, body: '[]' },
  { status: 200, body: '"text"' },
  { status: 200, body: '{"items":{"a":1},"metadata":7}' },
  { status: 200, body: '{"items":[null,7,"x",[]],"metadata":null}' },
  { status: 200, body: '{"name":7,"status":"NEW_STATUS","error":{"errors":"x"}}' },
  { status: 200, body: '{"name":"op","status":"DONE","error":{"errors":[{"code":"QUOTA_EXCEEDED"}]}}' },
  { status: 200, body: '{' },
  { status: 200, body: `{"items":[],"metadata":{"continue":"again"},"nextPageToken":"again"}` },
  { status: 200, body: '{"entries":[{}],"nextPageToken":"again"}' },
  { status: 200, body: '{"entries":[{"jsonPayload":null},{"timestamp":"2026-02-30T00:00:00Z"}]}' },
  { status: 204, body: null },
  'broken',
] as const;

/** The n-th call, and as many after it as `times` says, gets an odd answer. */
export interface OddAnswer {
  readonly call: number;
  readonly times: number;
  readonly answer: number;
}

/** One object of the world, and what became of it. */
export interface Wound {
  /** Counted modulo the number of all objects, or of those that people are shown. */
  readonly object: number;
  readonly shown?: boolean;
  readonly mutations: readonly Mutation[];
}

/** The collection of the audit log's entries. */
const auditLog = 'persistent-ip-audit';

/** What people are told of: what these hold, and the records in their descriptions. */
const shownCollections = /\/(gkeiproutes|gateways|pods|backendServices)$|^persistent-ip-audit$/;

interface Item {
  readonly collection: string;
  /** `namespace/name`, or the name alone. */
  readonly key: string;
  readonly original: JsonObject;
  now: JsonObject;
}

const keyOf = (item: JsonObject): string => {
  const { name = item.insertId, namespace } = (item.metadata ?? item) as {
    name?: string;
    namespace?: string;
  };
  return namespace === undefined ? String(name) : `${namespace}/${name}`;
};

/** The two forms of filter that the functions send. */
const passes = (item: JsonObject, filter: string | null): boolean => {
  if (filter === null) return true;
  const named = /^name eq "(.*)"$/.exec(filter)?.[1];
  if (named !== undefined) return new RegExp(`^(?:${named})$`).test(String(item.name));
  return [...filter.matchAll(/\((\w+) = "([^"]*)"\)/g)].some(
    ([, field = '', value]) => item[field] === value,
  );
};

/** Whether an entry's payload has a text of its own that is this one, or begins with it. */
const mentions = ({ jsonPayload }: JsonObject, text: string): boolean => {
  const { addresses, route } = jsonPayload as {
    addresses: readonly string[];
    route: { readonly uid: string };
  };
  return route.uid === text || addresses.some((address) => text !== '' && address.startsWith(text));
};

const operation = { kind: 'compute#operation', name: 'operation-1', status: 'DONE', progress: 100 };
const notFound = (name: string) => [
  404,
  { kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404, details: { name } },
];
const absent = [404, { error: { code: 404, message: 'absent', errors: [{ reason: 'notFound' }] } }];

/** A cluster and a project that answer from samples, mutated ones among them. */
export class HostileApi {
  readonly calls: Call[] = [];
  /** Requests to anywhere else. */
  readonly strays: string[] = [];
  readonly #items: readonly Item[];
  readonly #shown: readonly Item[];
  readonly #endpoints: Samples['endpoints'];
  readonly #donors: readonly JsonObject[];
  readonly #keys: JsonObject;
  readonly #onCall: () => void;
  #odd: readonly OddAnswer[] = [];
  #wounded: Item[] = [];

  constructor(samples: Samples, keys: JsonObject, onCall: () => void) {
    const lists = { ...samples.kubernetes, ...samples.compute, [auditLog]: { items: samples.audit } };
    this.#items = Object.entries(lists).flatMap(([collection, list]) =>
      ((list.items ?? []) as readonly JsonObject[]).map((item) => ({
        collection,
        key: keyOf(item),
        original: item,
        now: item,
      })),
    );
    this.#shown = this.#items.filter(({ collection }) => shownCollections.test(collection));
    this.#endpoints = samples.endpoints;
    this.#donors = this.#items.map(({ original }) => original);
    this.#keys = keys;
    this.#onCall = onCall;
  }

  /** A world of its own for one input. */
  reset(wounds: readonly Wound[], odd: readonly OddAnswer[]): void {
    this.calls.length = 0;
    this.strays.length = 0;
    this.#odd = odd;
    for (const item of this.#wounded) item.now = item.original;
    this.#wounded = wounds.flatMap(({ object, shown = false, mutations }) => {
      const items = shown ? this.#shown : this.#items;
      const item = items[object % items.length];
      if (item === undefined) return [];
      item.now = mutated(item.now, mutations, this.#donors);
      return [item];
    });
  }

  /** Every object, as it is served. */
  served(): readonly JsonObject[] {
    return this.#items.map(({ now }) => now);
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = (input instanceof Request ? input.url : String(input)).replace(
      /^(http:\/\/[^/:]+):80\//,
      '$1/',
    );
    const { origin, pathname, searchParams } = new URL(url);
    if (origin === origins.keys) return Response.json(this.#keys);
    const method = (init?.method ?? 'GET').toUpperCase();
    const body = await new Response(init?.body ?? null).text();
    const authorization = new Headers(init?.headers).get('authorization') ?? '';
    const index = this.calls.push({ method, url, body, authorization }) - 1;
    this.#onCall();
    if (!(Object.values(origins) as string[]).includes(origin)) {
      this.strays.push(url);
      return new Response('', { status: 404 });
    }
    const odd = this.#odd.find(({ call, times }) => index >= call && index < call + times);
    const planned = odd && oddAnswers[odd.answer % oddAnswers.length];
    if (planned === 'broken') throw new TypeError('fetch failed');
    if (planned !== undefined) return new Response(planned.body, { status: planned.status });
    const [status, answer] = this.#answer(origin, method, pathname, searchParams, body) as [number, unknown];
    return Response.json(answer, { status });
  };

  #answer(origin: string, method: string, path: string, query: URLSearchParams, body: string): unknown {
    if (origin === origins.kubernetes) return this.#kubernetes(method, path, query, body);
    if (origin === origins.compute) return this.#compute(method, path, query.get('filter'));
    if (path.endsWith('/entries:list')) return [200, { entries: this.#entries(body) }];
    return [200, origin === origins.pubsub ? { messageIds: ['1'] } : {}];
  }

  /** What the audit log has of the addresses or uids that a filter names, whatever times it asks for. */
  #entries(body: string): readonly JsonObject[] {
    const { filter = '' } = JSON.parse(body) as { filter?: string };
    const wanted = [...filter.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text);
    return this.#items
      .filter(({ collection }) => collection === auditLog)
      .filter(({ original }) => wanted.some((text) => mentions(original, text)))
      .map(({ now }) => now);
  }

  #kubernetes(method: string, path: string, query: URLSearchParams, body: string): unknown {
    if (path.endsWith('/selfsubjectreviews')) {
      const username = 'persistent-ip@local-project.iam.gserviceaccount.com';
      return [201, { status: { userInfo: { username } } }];
    }
    const [, base = '', namespace, collection, name, status] =
      /^(\/api\/v1|\/apis\/[^/]+\/v1)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(\/status)?$/.exec(
        path,
      ) ?? [];
    const list = `${base}/${collection}`;
    if (!(kubernetesCollections as readonly string[]).includes(list)) return notFound('');
    const of = this.#items.filter((item) => item.collection === list);
    if (name === undefined) {
      const node = query.get('fieldSelector')?.replace('spec.nodeName=', '');
      const items = of.filter(
        ({ key, original }) =>
          (namespace === undefined || key.startsWith(`${namespace}/`)) &&
          (node === undefined || (original.spec as { nodeName?: string }).nodeName === node),
      );
      return [200, { kind: 'List', metadata: {}, items: items.map(({ now }) => now) }];
    }
    const item = of.find(({ key }) => key === (namespace === undefined ? name : `${namespace}/${name}`));
    if (item === undefined) return notFound(name);
    if (method === 'PATCH') return [200, this.#patched(item, body, status !== undefined)];
    return [200, item.now];
  }

  /** As far as the next look needs it: a merge of the first level. */
  #patched(item: Item, body: string, status: boolean): JsonObject {
    const given = JSON.parse(body) as { metadata?: JsonObject; status?: JsonObject };
    const { status: before, metadata } = item.now as { status?: JsonObject; metadata?: JsonObject };
    this.#wounded.push(item);
    item.now = status
      ? { ...item.now, status: { ...before, ...given.status } }
      : { ...item.now, metadata: { ...metadata, ...given.metadata } };
    return item.now;
  }

  #compute(method: string, path: string, filter: string | null): unknown {
    const below = path.replace(/^\/compute\/v1\/projects\/[^/]+/, '');
    if (below.endsWith('/wait')) return [200, operation];
    if (below.endsWith('/listNetworkEndpoints'))
      return [200, this.#endpoints[below.replace(/\/listNetworkEndpoints$/, '')] ?? {}];
    if (method !== 'GET') return [200, operation];
    const found = this.#items.filter(({ collection }) => collection === below);
    if (found.length > 0) {
      const items = found.filter(({ original }) => passes(original, filter)).map(({ now }) => now);
      return [200, items.length === 0 ? {} : { items }];
    }
    const at = below.lastIndexOf('/');
    const one = this.#items.find(
      ({ collection, key }) => collection === below.slice(0, at) && key === below.slice(at + 1),
    );
    return one === undefined ? absent : [200, one.now];
  }
}
