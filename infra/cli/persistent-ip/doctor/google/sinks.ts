import * as v from 'valibot';
import { renderComputeFilter, renderSinkFilter, renderSystemEventFilter } from '../../../../sink/render.ts';
import { type Finding, failed, ok, warning } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';
import type { Ground } from '../ground.ts';

/** Source: Cloud Logging API v2, LogSink. */
const Sink = v.object({
  name: v.string(),
  destination: v.string(),
  filter: v.optional(v.string(), ''),
  disabled: v.optional(v.boolean(), false),
  writerIdentity: v.optional(v.string()),
  exclusions: v.optional(
    v.array(v.object({ name: v.string(), disabled: v.optional(v.boolean(), false) })),
    [],
  ),
});
export type Sink = v.InferOutput<typeof Sink>;

/** A sink as the deployment has it: its kind, and `projects/P/sinks/S`. */
export interface SinkName {
  readonly kind: string;
  readonly project: string;
  readonly name: string;
}

/** The sinks that the settings name, by their keys `PROJECT/KIND`. */
export const sinkNames = (sinks: Readonly<Record<string, string>>): readonly SinkName[] =>
  Object.entries(sinks).map(([key, name]) => {
    const [project = '', kind = ''] = key.split('/');
    return { kind, project, name };
  });

/** The filter that this version puts into a sink; `undefined` for a kind that it does not know. */
export const filterOf = (
  { kind, project }: Pick<SinkName, 'kind' | 'project'>,
  { config }: Pick<Ground, 'config'>,
): string | undefined => {
  const { serviceAccount } = config;
  const clusters = config.clusters.filter((cluster) => cluster.project === project);
  if (kind === 'cluster-events')
    return clusters.length === 0 ? undefined : renderSinkFilter({ clusters, serviceAccount });
  if (kind === 'system-events') return renderSystemEventFilter();
  return kind === 'compute-events' ? renderComputeFilter(serviceAccount) : undefined;
};

/** The queue that a sink writes to. Source: infra/terraform/events.tf. */
export const queueOf = ({ kind }: Pick<SinkName, 'kind'>): string =>
  kind === 'cluster-events' ? 'cluster-events' : 'compute-events';

export const readSink = (
  google: GoogleApi,
  { name }: SinkName,
  signal: AbortSignal,
): Promise<Sink | undefined> => google.ask({ api: 'logging', path: `/v2/${name}` }, Sink, signal);

const apply = 'terraform apply';

/** Whether a sink lets through what this version expects, and to where it is read. */
export const judgeSink = (
  name: string,
  sink: Sink | undefined,
  expected: { readonly filter: string | undefined; readonly topic: string | undefined },
): Finding => {
  if (sink === undefined) return failed(`there is no sink ${name}: no event leaves the log`, apply);
  if (sink.disabled) return failed(`${name} is disabled: no event leaves the log`, apply);
  const { filter, topic } = expected;
  if (topic !== undefined && sink.destination !== `pubsub.googleapis.com/${topic}`)
    return failed(`${name} writes to ${sink.destination} and not to ${topic}`, apply);
  if (filter !== undefined && sink.filter.trim() !== filter.trim())
    return failed(
      `the filter of ${name} is not this version’s (infra/sink): ${firstDifference(sink.filter, filter)}`,
      `${apply}, from the commit that this command is of`,
    );
  const held = sink.exclusions.filter(({ disabled }) => !disabled);
  if (held.length > 0)
    return warning(
      `the exclusion ${held[0]?.name ?? ''} of ${name} holds back entries that pass the filter`,
      `gcloud logging sinks update ${sink.name} --remove-exclusions=${held.map((one) => one.name).join(',')}`,
    );
  return ok(`${name} writes to ${topic ?? sink.destination} by this version’s filter`);
};

const firstDifference = (found: string, wanted: string): string => {
  const lines = found.trim().split('\n');
  const expected = wanted.trim().split('\n');
  const at = expected.findIndex((line, index) => line !== lines[index]);
  const line = at < 0 ? expected.length : at;
  return `line ${line + 1} is "${(lines[line] ?? '').trim()}"`;
};
