import { type Document, isScalar, LineCounter, parseAllDocuments, visit } from 'yaml';

/** What one document says, and its place from 1 on. */
export interface Read {
  readonly value: unknown;
  readonly document: number;
}

/**
 * Documents of YAML or JSON as Kubernetes reads them: version 1.1 (`yes` is true), without what JSON has not, and a field
 * that is null is one that is not there (Kubernetes, *Defaulting and Nullable*). Empty ones are left out.
 * @returns a text, what is wrong and where
 */
export const readYaml = (written: string): readonly Read[] | string => {
  const lines = new LineCounter();
  const at = (position: number): string => {
    const { line, col } = lines.linePos(position);
    return `line ${line}, column ${col}`;
  };
  try {
    const documents = parseAllDocuments(written, { ...yaml11, lineCounter: lines }) as readonly Document[];
    const values: Read[] = [];
    for (const [i, document] of documents.entries()) {
      const [error] = document.errors;
      if (error !== undefined)
        return `document ${i + 1} cannot be read: ${error.message} (${at(error.pos[0])})`;
      const twin = firstTwin(document);
      if (twin !== undefined)
        return `document ${i + 1} has the field "${twin.key}" twice (${at(twin.position)})`;
      const value = withoutNulls(document.toJS());
      if (value !== null && value !== undefined) values.push({ value, document: i + 1 });
    }
    return values;
  } catch (error) {
    // Aliases that multiply, and brackets so deep that the parser gives up.
    return `the manifest cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
};

/**
 * The parser's own look for twins compares every key of an object with every other, and its own words for people look
 * through the whole text for each error: minutes for a text of the size that is taken.
 */
const yaml11 = {
  version: '1.1',
  uniqueKeys: false,
  prettyErrors: false,
  customTags: (tags: readonly unknown[]) =>
    tags.filter(
      (tag) => typeof tag !== 'string' || !['timestamp', 'intTime', 'floatTime', 'binary'].includes(tag),
    ),
} as NonNullable<Parameters<typeof parseAllDocuments>[1]>;

const firstTwin = (document: Document): { readonly key: string; readonly position: number } | undefined => {
  let found: { readonly key: string; readonly position: number } | undefined;
  visit(document, {
    Map: (_, { items }) => {
      const keys = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (keys.has(name)) {
          found = { key: name, position: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        keys.add(name);
      }
      return undefined;
    },
  });
  return found;
};

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== null)
      .map(([key, one]) => [key, withoutNulls(one)]),
  );
};
