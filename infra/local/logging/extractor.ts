import { valuesAt } from './compare.ts';
import { fieldAt } from './fields.ts';
import { pathOf } from './filter.ts';

/** What a log-based metric takes out of an entry: `undefined` where the entry does not have it. */
export type Extractor = (entry: unknown) => string | number | boolean | undefined;

/**
 * The extractor of a log-based metric's value or label, in so far as it takes a field as it is: `EXTRACT(jsonPayload.x)`.
 * Not offered: REGEXP_EXTRACT.
 * @throws Error that says what is wrong with it
 * Source: Cloud Logging API v2, LogMetric, `valueExtractor` and `labelExtractors`.
 */
export const parseExtractor = (text: string): Extractor => {
  const [, name] = /^EXTRACT\(([^(),\s]+)\)$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`"${text}" is not EXTRACT(FIELD), and nothing else is offered`);
  const path = pathOf(name);
  if (fieldAt(path) === undefined) throw new Error(`no log entry has the field "${name}" of "${text}"`);
  return (entry) => {
    const [value, ...others] = valuesAt(entry, path);
    const single =
      others.length === 0 && ['string', 'number', 'boolean'].includes(typeof value) ? value : undefined;
    return single as ReturnType<Extractor>;
  };
};
