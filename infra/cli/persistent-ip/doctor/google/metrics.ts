import * as v from 'valibot';
import { type Finding, failed, ok, skipped, unknown } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';
import { shortName } from './names.ts';

/** Source: Cloud Monitoring API v3, projects.timeSeries.list. */
const TimeSeries = v.object({
  timeSeries: v.optional(
    v.array(
      v.object({
        metric: v.optional(v.object({ labels: v.optional(v.record(v.string(), v.string()), {}) }), {}),
        points: v.optional(
          v.array(
            v.object({
              value: v.object({ int64Value: v.optional(v.string()), doubleValue: v.optional(v.number()) }),
            }),
          ),
          [],
        ),
      }),
    ),
    [],
  ),
});

type Series = v.InferOutput<typeof TimeSeries>['timeSeries'];

interface Asked {
  readonly subscription: string;
  readonly metric: string;
  readonly now: Date;
  /** How far back, seconds. */
  readonly seconds: number;
  readonly more?: Readonly<Record<string, string>>;
}

const read = async (
  google: GoogleApi,
  { subscription, metric, now, seconds, more = {} }: Asked,
  signal: AbortSignal,
): Promise<Series> => {
  const [, project = ''] = subscription.split('/');
  const query = new URLSearchParams({
    filter: `metric.type="pubsub.googleapis.com/subscription/${metric}" AND resource.labels.subscription_id="${shortName(subscription)}"`,
    'interval.startTime': new Date(now.getTime() - seconds * 1_000).toISOString(),
    'interval.endTime': now.toISOString(),
    ...more,
  });
  const path = `/v3/projects/${project}/timeSeries?${query}`;
  return (await google.ask({ api: 'monitoring', path }, TimeSeries, signal))?.timeSeries ?? [];
};

type Point = NonNullable<Series[number]['points']>[number];
const countOf = (point: Point | undefined): number =>
  Number(point?.value.int64Value ?? point?.value.doubleValue ?? 0);

/** How long Monitoring may keep a figure back. Source: Google Cloud metrics, *pubsub*: 240 s, and the time of a sample. */
const lag = 600;

/** Messages that a subscription keeps, by the newest figure; `undefined` without one. */
export const undelivered = async (
  google: GoogleApi,
  subscription: string,
  now: Date,
  signal: AbortSignal,
): Promise<number | undefined> => {
  const asked = { subscription, metric: 'num_undelivered_messages', now, seconds: lag };
  // Points come newest first.
  const [newest] = (await read(google, asked, signal))[0]?.points ?? [];
  return newest === undefined ? undefined : countOf(newest);
};

/** Pushes of the last so many seconds by their outcome: `ack`, `remote_server_5xx`, … */
export const pushOutcomes = async (
  google: GoogleApi,
  subscription: string,
  { now, seconds }: { now: Date; seconds: number },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> => {
  const more = {
    'aggregation.alignmentPeriod': `${seconds}s`,
    'aggregation.perSeriesAligner': 'ALIGN_DELTA',
    'aggregation.crossSeriesReducer': 'REDUCE_SUM',
    'aggregation.groupByFields': 'metric.labels.response_class',
  };
  const series = await read(
    google,
    { subscription, metric: 'push_request_count', now, seconds, more },
    signal,
  );
  return new Map(
    series.map(({ metric, points }) => [
      metric.labels.response_class ?? '',
      points.reduce((sum, point) => sum + countOf(point), 0),
    ]),
  );
};

/** Whether dead letters wait for somebody. */
export const judgeDeadLetters = (queue: string, letters: number | undefined): Finding => {
  if (letters === undefined)
    return unknown(
      'Monitoring has no figure of the last ten minutes',
      'persistent-ip replay --dry-run lists them',
    );
  if (letters > 0)
    return failed(
      `${letters} dead ${letters === 1 ? 'letter waits' : 'letters wait'}: delivered in vain as often as a message may be`,
      `read the function’s log for the reason, mend it, then persistent-ip replay --queue ${queue}`,
    );
  return ok('no dead letter waits');
};

/** Whether a queue's pushes of the last hour came to something. */
export const judgePushes = (outcomes: ReadonlyMap<string, number>, target: string): Finding => {
  const acked = outcomes.get('ack') ?? 0;
  const failing = [...outcomes].filter(([outcome, count]) => outcome !== 'ack' && count > 0);
  const said = failing.map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  if (acked > 0)
    return ok(`${acked} acknowledged in the last hour${said === '' ? '' : `, to be repeated: ${said}`}`);
  if (failing.length > 0)
    return failed(
      `no push of the last hour was acknowledged: ${said}`,
      `gcloud logging read 'resource.labels.service_name:"${target}" severity>=WARNING' --limit=20`,
    );
  return skipped('nothing was pushed in the last hour');
};
