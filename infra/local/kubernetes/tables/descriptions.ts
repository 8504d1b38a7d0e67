import { readFileSync } from 'node:fs';

type Texts = Readonly<Record<string, string>>;

/**
 * What the columns of built-in kinds mean, by resource and column: `column-descriptions.json`, from Kubernetes'
 * `pkg/printers/internalversion/printers.go` and the comments of the types. The differential test (`lists as tables`) holds
 * them against the real server.
 */
const { '': metadata = {}, ...byResource } = JSON.parse(
  readFileSync(new URL('column-descriptions.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Texts>>;

/** The comments of ObjectMeta's name and creationTimestamp, which the columns of every kind share. */
export const metadataTexts = {
  name: metadata.Name ?? '',
  creationTimestamp: metadata.Age ?? '',
} as const;

/** What a column of a built-in resource means. @param key the key of the resource */
export const descriptionOf = (key: string, column: string): string =>
  byResource[key]?.[column] ?? metadata[column] ?? '';
