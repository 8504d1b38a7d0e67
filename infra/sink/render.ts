import { readFileSync } from 'node:fs';

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

/**
 * The sink's filter for these clusters, from the text beside this file, in the way of Terraform's `templatefile`.
 * @throws Error without a cluster (the filter would be none), for a name with a quote, and for too many clusters
 */
export const renderSinkFilter = ({ clusters, serviceAccount }: SinkParameters): string => {
  if (clusters.length === 0) throw new Error('the sink needs at least one cluster');
  const text = readFileSync(new URL('cluster-filter.txt', import.meta.url), 'utf8');
  const filter = text
    .replace(/\$\{clusters\}/g, () => clusters.map(clusterClause).join(' OR '))
    .replace(/\$\{service_account\}/g, () => plain(serviceAccount));
  if (filter.length > longest)
    throw new Error(`the sink's filter has ${filter.length} characters, at most ${longest} are allowed`);
  return filter;
};

const clusterClause = ({ project, location, name }: SinkParameters['clusters'][number]): string =>
  `(resource.labels.project_id="${plain(project)}" AND resource.labels.location="${plain(location)}" ` +
  `AND resource.labels.cluster_name="${plain(name)}")`;

/** Names of Google Cloud hold no quotes; one that does would change the filter's meaning. */
const plain = (name: string): string => {
  if (!/^[\w.:@-]+$/.test(name)) throw new Error(`${JSON.stringify(name)} cannot stand in a sink's filter`);
  return name;
};
