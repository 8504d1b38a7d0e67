import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parseExtractor } from '../../infra/local/logging/extractor.ts';
import { parseFilter } from '../../infra/local/logging/filter.ts';
import type { StoredEntry } from '../../infra/local/logging/index.ts';

/** What the Terraform module makes of log entries and shows, as its own test holds it to this file. */
const file = new URL('../../infra/terraform/tests/expected/monitoring.json', import.meta.url);

const Series = v.strictObject({ title: v.string(), filter: v.string(), aligner: v.string() });
const Metric = v.strictObject({
  type: v.string(),
  filter: v.string(),
  value_type: v.picklist(['INT64', 'DISTRIBUTION']),
  value_extractor: v.nullable(v.string()),
  label_extractors: v.nullable(v.record(v.string(), v.string())),
  labels: v.array(v.string()),
});
const Monitoring = v.strictObject({
  metrics: v.array(Metric),
  charts: v.array(Series),
  alerts: v.array(Series),
});

export type Series = v.InferOutput<typeof Series>;
export type Metric = v.InferOutput<typeof Metric>;

/** As it would be in this project. */
export const monitoringOf = (project: string): v.InferOutput<typeof Monitoring> =>
  v.parse(
    Monitoring,
    JSON.parse(readFileSync(file, 'utf8').replaceAll('projects/my-project/', `projects/${project}/`)),
  );

/** `persistent-ip/sweeps`, without what every log-based metric's type begins with. */
export const shortName = ({ type }: Pick<Metric, 'type'>): string =>
  type.replace('logging.googleapis.com/user/persistent-ip/', '');

export const matched = ({ filter }: Metric, entries: readonly StoredEntry[]): readonly StoredEntry[] =>
  entries.filter(parseFilter(filter));

/** What is wrong with a metric, by entries of every kind: nothing counted, or something that it takes is not there. */
export const problemsOf = (metric: Metric, entries: readonly StoredEntry[]): readonly string[] => {
  const counted = matched(metric, entries);
  if (counted.length === 0) return ['no entry passes its filter'];
  const { value_extractor: value, value_type: kind, label_extractors: labels, labels: declared } = metric;
  const lacking = (text: string, isGood: (found: unknown) => boolean): readonly string[] => {
    const extract = parseExtractor(text);
    const bad = counted.filter((entry) => !isGood(extract(entry)));
    return bad.length === 0 ? [] : [`${text} finds nothing in ${bad.length} of ${counted.length} entries`];
  };
  return [
    ...((kind === 'DISTRIBUTION') === (value !== null)
      ? []
      : ['a distribution, and nothing else, has a value']),
    ...(value === null ? [] : lacking(value, (found) => typeof found === 'number' && Number.isFinite(found))),
    ...Object.values(labels ?? {}).flatMap((text) =>
      lacking(text, (found) => typeof found === 'string' && found !== ''),
    ),
    ...(JSON.stringify(Object.keys(labels ?? {})) === JSON.stringify(declared)
      ? []
      : [`its labels are ${String(declared)}, and what it extracts is ${Object.keys(labels ?? {}).join()}`]),
  ];
};

/** Metrics of Google's own. Source: Google Cloud metrics, *pubsub* and *run*: their type, and the resource they are of. */
const googles: ReadonlyMap<string, string> = new Map([
  ['pubsub.googleapis.com/subscription/num_undelivered_messages', 'pubsub_subscription'],
  ['run.googleapis.com/request_count', 'cloud_run_revision'],
  ['run.googleapis.com/container/instance_count', 'cloud_run_revision'],
]);

const part = (filter: string, of: RegExp): string | undefined => of.exec(filter)?.[1];

/** What is wrong with a series that a chart or an alert asks for, by the metrics there are and the entries they count. */
export const problemsOfSeries = (
  { filter, aligner }: Series,
  metrics: readonly Metric[],
  entries: readonly StoredEntry[],
): readonly string[] => {
  const type = part(filter, /\bmetric\.type="([^"]+)"/);
  const resource = part(filter, /\bresource\.type="([^"]+)"/);
  if (type === undefined) return ['it names no metric'];
  const google = googles.get(type);
  if (google !== undefined) return google === resource ? [] : [`${type} is of ${google}, not of ${resource}`];
  const metric = metrics.find((one) => one.type === type);
  if (metric === undefined) return [`nobody makes ${type}`];
  const counted = matched(metric, entries);
  const wanted = [...filter.matchAll(/\bmetric\.labels?\.(\w+)="([^"]*)"/g)];
  return [
    ...((metric.value_type === 'DISTRIBUTION') === aligner.startsWith('ALIGN_PERCENTILE_')
      ? []
      : [`${aligner} is not for ${metric.value_type}`]),
    ...(resource === undefined || counted.every((entry) => resourceOf(entry) === resource)
      ? []
      : [`its entries are not of ${resource}`]),
    ...wanted.flatMap(([, label = '', value]) => {
      const text = metric.label_extractors?.[label];
      if (text === undefined) return [`${type} has no label ${label}`];
      return counted.some((entry) => parseExtractor(text)(entry) === value)
        ? []
        : [`no entry has ${label} "${value}"`];
    }),
  ];
};

const resourceOf = ({ resource }: StoredEntry): unknown =>
  (resource as { readonly type?: string } | undefined)?.type;
