import fc from 'fast-check';
import { openApi } from '../../../functions/openapi.ts';
import type { Knock } from '../deployed.ts';
import { mutated, mutations } from '../hostile.ts';
import type { JsonObject, Samples } from '../samples.ts';
import { anything } from './pushes.ts';
import { escaped, inHeader, oddWord, oftenOf } from './words.ts';

/** A path that people and programs ask at; `{name}` is a part of it that stands for many. */
interface Place {
  readonly path: string;
  readonly query: readonly string[];
  /** It is asked by POST, with an object in the body: of that type; `undefined`: by GET. */
  readonly takes: string | undefined;
}

interface Operation {
  readonly parameters?: readonly { readonly name?: unknown; readonly in?: unknown }[];
}

/** Everything that the inventory says of itself: a path that is described there is asked at without a word here. */
const described: readonly Place[] = Object.entries(
  openApi.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>,
).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, { parameters = [] }]) => ({
    path,
    query: parameters.flatMap(({ name, in: place }) => (place === 'query' ? [String(name)] : [])),
    takes: method === 'post' ? 'application/json' : undefined,
  })),
);

const place = (path: string, ...query: readonly string[]): Place => ({ path, query, takes: undefined });

const formType = 'application/x-www-form-urlencoded';

/** The pages, what stands beside them, and paths that are none. */
const pages: readonly Place[] = [
  place('/', 'cluster', 'namespace', 'pod', 'address', 'page'),
  place('/', 'cluster', 'namespace', 'pod', 'address', 'page'),
  place('/routes/{namespace}/{name}', 'cluster'),
  place('/routes/{namespace}/{name}', 'cluster'),
  place('/addresses/{ip}', 'at', 'from', 'to'),
  place('/addresses/{ip}', 'at', 'from', 'to'),
  place('/page/{file}'),
  place('/plan'),
  { path: '/plan', query: [], takes: formType },
  place('/v1/openapi.json'),
  ...['//', '/v1/../v1/routes', '/v1/routes/', '/__proto__', '/page/../v1/pools', '/routes/a'].map((path) =>
    place(path, 'cluster'),
  ),
];

const namesOf = (samples: Samples, plural: string): readonly (readonly [string, string])[] => {
  const [, found] = Object.entries(samples.kubernetes).find(([path]) => path.endsWith(`/${plural}`)) ?? [];
  return ((found?.items ?? []) as readonly JsonObject[]).map(({ metadata }) => {
    const { namespace, name } = metadata as { namespace: string; name: string };
    return [namespace, name];
  });
};

/** Times as a person writes them, within the fuzzer's days and beyond. */
const times = [
  '2026-11-25T11:30:00Z',
  '2026-11-25T08:00:00%2B02:00',
  '2026-11-24T12:00:00.123Z',
  '2026-11-01T00:00:00Z',
  '2026-10-20T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2026-02-30T00:00:00Z',
];

/** The words that mean something for a parameter. */
const wordsFor = (samples: Samples): Readonly<Record<string, readonly string[]>> => {
  const routes = namesOf(samples, 'gkeiproutes');
  const addresses = (samples.compute['/regions/us-central1/addresses']?.items ?? []) as readonly JsonObject[];
  return {
    cluster: ['local'],
    namespace: [...new Set(routes.map(([namespace]) => namespace))],
    name: routes.map(([, name]) => name),
    pod: namesOf(samples, 'pods').map(([, name]) => name),
    ip: addresses.map(({ address }) => String(address)),
    address: addresses.map(({ address }) => String(address)),
    pageSize: ['1', '2', '1000', '0', '1001', '1e3', '-1'],
    pageToken: ['bG9jYWw', ''],
    page: ['1', '2', '-1', '1e9'],
    file: ['style.css', 'live.js'],
    at: times,
    from: times,
    to: times,
  };
};

/** A path with its open parts filled and, often, a query. A route's two parts are most often those of one that is there. */
const urlOf = ({ path, query }: Place, samples: Samples): fc.Arbitrary<string> => {
  const words = wordsFor(samples);
  const route = '{namespace}/{name}';
  const routes = fc.constantFrom(
    ...namesOf(samples, 'gkeiproutes').map((pair) => path.replace(route, pair.join('/'))),
  );
  const filled = path.includes(route)
    ? fc.oneof({ weight: 3, arbitrary: routes }, { weight: 1, arbitrary: partsFilled(path, words) })
    : partsFilled(path, words);
  const parameter = (name: string): fc.Arbitrary<string> =>
    oftenOf(words[name] ?? []).map((value) => `${name}=${escaped(value)}`);
  const strange = fc.tuple(oddWord, oddWord).map(([name, value]) => `${escaped(name)}=${escaped(value)}`);
  const known = query.length === 0 ? strange : fc.constantFrom(...query).chain(parameter);
  const asked = fc.oneof(
    fc.constant([]),
    fc.array(fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: strange }), { maxLength: 3 }),
  );
  return fc.tuple(filled, asked).map(([url, list]) => (list.length === 0 ? url : `${url}?${list.join('&')}`));
};

const partsFilled = (path: string, words: ReturnType<typeof wordsFor>): fc.Arbitrary<string> => {
  const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return fc
    .tuple(...parts.map((name) => oftenOf(words[name] ?? [])))
    .map((values) =>
      parts.reduce((url, name, at) => url.replace(`{${name}}`, () => escaped(values[at] ?? '')), path),
    );
};

/** Tags that a reader may claim to have, `*` and what is no list of tags among them. */
const headers = fc
  .record(
    {
      'if-none-match': oftenOf(['*', 'W/"a"', '"a", "b"', '""']),
      accept: oftenOf(['text/html', '*/*', 'x/y;q=9']),
    },
    { requiredKeys: [] },
  )
  .map((given) =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, inHeader(String(value))])),
  );

/** What a person may hand in: an object of the samples, several of them, or anything. */
const bodies = (samples: Samples): fc.Arbitrary<Buffer> => {
  const objects = Object.entries(samples.kubernetes).flatMap(([path, { items }]) =>
    /\/(gateways|gkeiproutes|gatewayclasses|pods)$/.test(path) ? (items as readonly JsonObject[]) : [],
  );
  const one = fc
    .tuple(fc.constantFrom(...objects), mutations(4))
    .map(([object, all]) => mutated(object, all, objects));
  return fc.oneof(
    { weight: 4, arbitrary: one.map((object) => Buffer.from(JSON.stringify(object))) },
    {
      weight: 3,
      arbitrary: fc
        .array(one, { maxLength: 4 })
        .map((items) => Buffer.from(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))),
    },
    { weight: 2, arbitrary: anything },
  );
};

/** The form of the page, filled in; or anything instead of it. */
const forms = (samples: Samples): fc.Arbitrary<Buffer> => {
  const field = oftenOf(['', 'edge', 'local']);
  const filled = fc
    .tuple(bodies(samples), field, field)
    .map(([manifest, namespace, cluster]) =>
      Buffer.from(
        `manifest=${encodeURIComponent(manifest.toString())}&namespace=${escaped(namespace)}&cluster=${escaped(cluster)}`,
      ),
    );
  return fc.oneof({ weight: 9, arbitrary: filled }, { weight: 1, arbitrary: anything });
};

/** Questions at the inventory. */
export const questions = (samples: Samples): fc.Arbitrary<Knock> =>
  fc.constantFrom(...described, ...pages).chain((at) => {
    const usual = at.takes === undefined ? 'GET' : 'POST';
    return fc.record({
      door: fc.constant('inventory' as const),
      method: fc.constantFrom(...Array<string>(12).fill(usual), 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'GET'),
      path: urlOf(at, samples),
      headers:
        at.takes === undefined
          ? headers
          : headers.map((given) => ({ 'content-type': String(at.takes), ...given })),
      body:
        at.takes === undefined
          ? fc.constant(Buffer.alloc(0))
          : at.takes === formType
            ? forms(samples)
            : bodies(samples),
    });
  });
