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

const quoted = (text: string): string => JSON.stringify(text);

/** The sink's filter for these clusters, from the text beside this file, in the way of Terraform's `templatefile`. */
export const renderSinkFilter = ({ clusters, serviceAccount }: SinkParameters): string => {
  const text = readFileSync(new URL('cluster-filter.txt', import.meta.url), 'utf8');
  const which = clusters.map(
    ({ project, location, name }) =>
      `(resource.labels.project_id=${quoted(project)} AND resource.labels.location=${quoted(location)} AND resource.labels.cluster_name=${quoted(name)})`,
  );
  return text
    .replace(/\$\{clusters\}/g, () => which.join(' OR '))
    .replace(/\$\{service_account\}/g, () => serviceAccount);
};
