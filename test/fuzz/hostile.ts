import fc from 'fast-check';
import type { Json, JsonObject } from './samples.ts';

/** One change of a JSON value: where, counted modulo the number of places, what is done there, and with what. */
export interface Mutation {
  readonly place: number;
  readonly turn: number;
  readonly odd: number;
}

/** Turns below are floods. */
const floodTurns = 5;

export const mutations = (most: number): fc.Arbitrary<readonly Mutation[]> =>
  fc.array(fc.record({ place: fc.nat(), turn: fc.nat(99), odd: fc.nat(9_999) }), { maxLength: most });

/** The same, of the kind that drowns all texts below a place: what people see of an object is in many of them. */
export const floods: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  turn: fc.nat(floodTurns - 1),
  odd: fc.nat(9_999),
});

/** Texts that would be more than text in a page. */
const markup: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></script><script>alert(1)</script>',
  '<!-- <b>&copy;&#x3c;i&#x3e;',
  'javascript:alert(1)//',
  '//evil.example/x',
];

/** Names that mean something to a URL, a shell, a log or JavaScript; times, addresses and numbers at an edge. */
export const oddTexts: readonly string[] = [
  '',
  '.',
  '..',
  '../../../../api/v1/secrets',
  '..%2f..%2fsecrets',
  '%2e%2e',
  'a/b',
  'a%2fb',
  'a?watch=true',
  'a#b',
  'a\nX-Injected: 1',
  'a\r\n\r\n{"severity":"ERROR"}',
  '\u0000',
  '\ud800',
  '\u202egnp.exe',
  ...markup,
  '$(reboot)',
  '__proto__',
  'constructor',
  'toString',
  'a'.repeat(254),
  'ä'.repeat(5_000),
  '-',
  '*',
  'default',
  'True',
  '0',
  '34.123.10.1/32',
  '34.123.10.1',
  '0.0.0.0/0',
  '999.1.1.1/33',
  '::1/128',
  '2026-02-39T29:59:69Z',
  '2026-13-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '+275760-09-14T00:00:00Z',
  'gce://local-project/us-central1-a/..',
  'gce://other-project/europe-west1-b/vm',
  'gce://local-project/../vm',
  'projects/other/zones/z/instances/i',
  'https://evil.example/compute/v1/projects/x',
  '[{"network":"__proto__"}]',
  '[[[[',
  '{"__proto__":{"polluted":true}}',
];

const deep = (levels: number): Json => {
  let value: Json = 'x';
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

const oddValues: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  [],
  {},
  [null],
  [[]],
  [{}],
  { name: null },
  { toString: 1, valueOf: 2 },
  { isEscaped: true, callbacks: [1] },
  deep(200),
  Array.from({ length: 2_000 }, (_, i) => i),
  ...oddTexts,
];

/** Keys that reach a prototype where somebody assigns them. */
const pollution: readonly (readonly [string, Json])[] = [
  ['__proto__', { polluted: true }],
  ['constructor', { prototype: { polluted: true } }],
  ['prototype', { polluted: true }],
  ['', 1],
  ['toJSON', 'x'],
  ['hasOwnProperty', 1],
];

/** An object that a text holds, as descriptions and annotations do. */
const objectIn = (value: Json): Container | undefined => {
  if (typeof value !== 'string' || !/^[{[]/.test(value)) return undefined;
  try {
    const held: unknown = JSON.parse(value);
    return isContainer(held) ? held : undefined;
  } catch {
    return undefined;
  }
};

type Container = Json[] | Record<string, Json>;
interface Place {
  readonly of: Container;
  readonly key: string | number;
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

const placesOf = (of: Container, found: Place[] = []): Place[] => {
  const keys = Array.isArray(of) ? of.keys() : Object.keys(of);
  for (const key of keys) {
    found.push({ of, key });
    const value = (of as Record<string | number, Json>)[key];
    if (isContainer(value) && found.length < 5_000) placesOf(value as Container, found);
  }
  return found;
};

/** As an own property, also where the name is `__proto__`. */
const put = (of: Container, key: string | number, value: Json): void => {
  Object.defineProperty(of, key, { value, writable: true, enumerable: true, configurable: true });
};

const bent = (text: string, odd: number): string =>
  [
    `${text}x`,
    text.slice(0, -1),
    text.toUpperCase(),
    `${text}/..`,
    `../${text}`,
    `${text}\n`,
    text.repeat(40),
    ` ${text}`,
  ][odd % 8] ?? text;

/** Every text of the object, or below one of its places, becomes an odd one. */
const flood = (root: Container, { place, odd }: Mutation): void => {
  const parts = placesOf(root).map(({ of, key }) => (of as Record<string | number, Json>)[key]);
  const containers = [root, ...parts.filter((part) => isContainer(part))];
  const drowned = containers[place % containers.length] ?? root;
  const texts = odd % 3 === 0 ? oddTexts : markup;
  for (const [index, { of, key }] of placesOf(drowned as Container).entries())
    if (typeof (of as Record<string | number, Json>)[key] === 'string')
      put(of, key, texts[(odd + index) % texts.length] ?? '');
};

const inflict = (root: Container, mutation: Mutation, donors: readonly Json[]): void => {
  const { place, turn, odd } = mutation;
  if (turn < floodTurns) {
    flood(root, mutation);
    return;
  }
  const places = placesOf(root);
  const found = places[place % places.length];
  if (found === undefined) return;
  const { of, key } = found;
  const value = (of as Record<string | number, Json>)[key] ?? null;
  const strange = structuredClone(oddValues[odd % oddValues.length] ?? null);
  const [polluting, poison] = pollution[odd % pollution.length] ?? ['__proto__', {}];
  // Records lie in texts: what is wrong inside of them comes as often as what is wrong with the text.
  const held = odd % 2 === 0 ? objectIn(value) : undefined;
  if (held !== undefined) {
    inflict(held, { place: Math.floor(place / places.length), turn, odd: Math.floor(odd / 2) }, donors);
    put(of, key, JSON.stringify(held));
  } else if (turn < 12) {
    if (Array.isArray(of)) of.splice(Number(key), 1);
    else delete of[key];
  } else if (turn < 45) put(of, key, strange);
  else if (turn < 60) put(of, key, oddTexts[odd % oddTexts.length] ?? '');
  else if (turn < 72 && typeof value === 'string') put(of, key, bent(value, odd));
  else if (turn < 78)
    put(isContainer(value) && !Array.isArray(value) ? value : root, polluting, structuredClone(poison));
  else if (turn < 86 && Array.isArray(value))
    value.push(...value.slice(0, 50).map((one) => structuredClone(one)));
  else {
    // Another part of a sample in this one's place: well formed, and wrong here.
    const donor = donors[odd % Math.max(1, donors.length)];
    const parts = isContainer(donor) ? placesOf(donor as Container) : [];
    const part = parts[place % Math.max(1, parts.length)];
    if (part !== undefined)
      put(of, key, structuredClone((part.of as Record<string | number, Json>)[part.key] ?? null));
  }
};

/** A copy that all of it has happened to, one after the other. */
export const mutated = <T extends JsonObject>(
  value: T,
  all: readonly Mutation[],
  donors: readonly Json[] = [],
): JsonObject => {
  if (all.length === 0) return value;
  const copy = structuredClone(value) as Container;
  for (const mutation of all) inflict(copy, mutation, donors);
  return copy as JsonObject;
};
