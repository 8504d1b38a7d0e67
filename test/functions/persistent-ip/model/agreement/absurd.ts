import fc from 'fast-check';

/** One thing made absurd: which leaf of a plain object, counted modulo their number, and what stands there then. */
export interface Wound {
  readonly leaf: number;
  readonly turn: number;
}

export const wounds = (most: number): fc.Arbitrary<readonly Wound[]> =>
  fc.array(fc.record({ leaf: fc.nat(), turn: fc.nat(1000) }), { maxLength: most });

/** Texts that mean something elsewhere, or nothing anywhere. */
const texts = [
  '',
  'x',
  '\u0000\ud800',
  'a'.repeat(3000),
  '34.1.2.3',
  '34.1.2.3/32',
  '0.0.0.0/0',
  '::/0',
  '{',
  '{"deployment":"test"}',
  'null',
  'True',
  'Accepted',
  'default',
  'node-a',
  '1970-01-01T00:00:00Z',
  '__proto__',
];
const numbers = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60];

/** What may be absent, of those that are texts or numbers and of the others. */
const optionalPlain = 'deletionTimestamp nodeName observedGeneration paramSet podIP sectionName'.split(' ');
const optionalObjects =
  'backendService contest firewall holder instance leader loadBalancing matchExpressions matchLabels namespace network nodeSelector params selector values'.split(
    ' ',
  );
const mayBeAbsent = ({ key, value }: Leaf): boolean =>
  (typeof value === 'object' ? optionalObjects : optionalPlain).includes(key);

type Container = Record<string, unknown> | unknown[] | Map<string, unknown>;
interface Leaf {
  readonly of: Container;
  readonly key: string;
  readonly value: unknown;
}

const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

const entries = (of: Container): [string, unknown][] => (of instanceof Map ? [...of] : Object.entries(of));

const leavesOf = (of: Container, found: Leaf[] = []): Leaf[] => {
  for (const [key, value] of entries(of)) {
    // A list or a map is a leaf, too: it may be empty, or hold something twice.
    found.push({ of, key, value });
    if (isContainer(value)) leavesOf(value, found);
  }
  return found;
};

const put = (of: Container, key: string, value: unknown): void => {
  if (of instanceof Map) of.set(key, value);
  else (of as Record<string, unknown>)[key] = value;
};

/** Keeps the type of what it replaces: the adapters vouch for types, and for nothing else. */
const inflict = (root: Container, { leaf, turn }: Wound): void => {
  const leaves = leavesOf(root);
  const found = leaves[leaf % leaves.length];
  if (found === undefined) return;
  const { of, key, value } = found;
  if (mayBeAbsent(found) && turn % 3 === 0 && !(of instanceof Map) && !Array.isArray(of)) {
    delete of[key];
    return;
  }
  if (typeof value === 'string') put(of, key, texts[turn % texts.length]);
  if (typeof value === 'boolean') put(of, key, !value);
  if (typeof value === 'number') put(of, key, numbers[turn % numbers.length]);
  if (Array.isArray(value))
    put(of, key, [[], [...value, ...value], value.toReversed(), value.slice(1)][turn % 4]);
  if (value instanceof Map) {
    const gone = [...value.keys()][turn % Math.max(1, value.size)];
    if (gone !== undefined) value.delete(gone);
  }
};

/** A copy that some of it has happened to. */
export const wounded = <T extends object>(whole: T, all: readonly Wound[]): T => {
  const copy = structuredClone(whole);
  for (const wound of all) inflict(copy as Container, wound);
  return copy;
};
