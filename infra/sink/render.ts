import { readFileSync } from 'node:fs';
import { computeMethods, systemEventMethods } from './compute-methods.ts';

export interface SinkParameters {
  readonly clusters: readonly {
    readonly project: string;
    readonly location: string;
    readonly name: string;
  }[];
  /** E-mail address of the functions: their own writes stay out. */
  readonly serviceAccount: string;
}

/** Characters of a sink's filter. Source: Cloud Logging, *Quotas and limits*. */
const longest = 20_000;

/** A text beside this file with its placeholders filled in, in the way of Terraform's `templatefile`. */
const render = (file: string, values: Readonly<Record<string, string>>): string => {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  const filter = text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${file}: nothing stands for \${${name}}`);
    return value;
  });
  if (filter.length > longest)
    throw new Error(`the sink's filter has ${filter.length} characters, at most ${longest} are allowed`);
  return filter;
};

/**
 * The filter of the sink that feeds `on-cluster-event`.
 * @throws Error without a cluster (the filter would be none), for a name with a quote, and for too many clusters
 */
export const renderSinkFilter = ({ clusters, serviceAccount }: SinkParameters): string => {
  if (clusters.length === 0) throw new Error('the sink needs at least one cluster');
  return render('cluster-filter.txt', {
    clusters: clusters.map(clusterClause).join(' OR '),
    service_account: plain(serviceAccount),
  });
};

/** The filter of the sink for what Compute Engine does by itself. */
export const renderSystemEventFilter = (): string =>
  render('system-event-filter.txt', { methods: quoted(systemEventMethods) });

/** The filter of the sink that stands for Eventarc's triggers in other projects. */
export const renderComputeFilter = (serviceAccount: string): string =>
  render('compute-filter.txt', { methods: quoted(computeMethods), service_account: plain(serviceAccount) });

const quoted = (methods: readonly string[]): string => methods.map((method) => `"${method}"`).join(' OR ');

const clusterClause = ({ project, location, name }: SinkParameters['clusters'][number]): string =>
  `(resource.labels.project_id="${plain(project)}" AND resource.labels.location="${plain(location)}" ` +
  `AND resource.labels.cluster_name="${plain(name)}")`;

/** Names of Google Cloud hold no quotes; one that does would change the filter's meaning. */
const plain = (name: string): string => {
  if (!/^[\w.:@-]+$/.test(name)) throw new Error(`${JSON.stringify(name)} cannot stand in a sink's filter`);
  return name;
};
