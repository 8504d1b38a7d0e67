import type { Clock } from '../clock.ts';
import { badField, unsupported } from '../google-error.ts';
import type { Messaging } from '../messaging.ts';
import type { Delivery } from '../pubsub/index.ts';
import { acknowledging } from '../pubsub/push.ts';

interface Measured {
  readonly clock: Clock;
  readonly pubsub: Pick<Messaging, 'deliveries' | 'undelivered'>;
}

type Query = Readonly<Record<string, unknown>>;

const wanted =
  /^metric\.type="pubsub\.googleapis\.com\/subscription\/(\w+)" AND resource\.labels\.subscription_id="([\w.~+%-]+)"$/;

const timeOf = (query: Query, name: string): number => {
  const time = Date.parse(String(query[name] ?? ''));
  if (Number.isNaN(time)) throw badField(name, `${name} is a time in RFC 3339.`);
  return time;
};

/** Source: Google Cloud metrics, *pubsub*, `subscription/push_request_count`, label `response_class`. */
const classOf = ({ status }: Delivery): string => {
  if (acknowledging.has(status)) return 'ack';
  if (status === 'timeout') return 'deadline_exceeded';
  if (status === 'unreachable') return 'unreachable';
  return Number(status) >= 500 ? 'remote_server_5xx' : 'remote_server_4xx';
};

const pointOf = (start: number, end: number, value: number) => ({
  interval: { startTime: new Date(start).toISOString(), endTime: new Date(end).toISOString() },
  value: { int64Value: String(value) },
});

/**
 * `timeSeries.list` of two metrics of Pub/Sub, measured at this moment: what a subscription keeps, and pushes by their
 * outcome, summed over the whole interval. Any other question is a 501.
 */
export const timeSeries = ({ clock, pubsub }: Measured, project: string, query: Query): object => {
  const filter = String(query.filter ?? '');
  const [, metric, id] = wanted.exec(filter) ?? [];
  const name = `projects/${project}/subscriptions/${id}`;
  const from = timeOf(query, 'interval.startTime');
  const to = timeOf(query, 'interval.endTime');
  const resource = {
    type: 'pubsub_subscription',
    labels: { project_id: project, subscription_id: id ?? '' },
  };
  const type = `pubsub.googleapis.com/subscription/${metric}`;
  if (metric === 'num_undelivered_messages') {
    const kept = pubsub.undelivered?.(name);
    if (kept === undefined) return {};
    const now = clock.now().getTime();
    const points = [pointOf(now, now, kept)];
    return { timeSeries: [{ metric: { type }, resource, metricKind: 'GAUGE', valueType: 'INT64', points }] };
  }
  const summed = {
    'aggregation.perSeriesAligner': 'ALIGN_DELTA',
    'aggregation.crossSeriesReducer': 'REDUCE_SUM',
    'aggregation.groupByFields': 'metric.labels.response_class',
  };
  const asked = Object.entries(summed).every(([field, value]) => query[field] === value);
  if (metric !== 'push_request_count' || !asked) throw unsupported(`Monitoring: timeSeries of ${filter}`);
  const counts = new Map<string, number>();
  for (const delivery of pubsub.deliveries) {
    const ended = delivery.endedAt.getTime();
    if (delivery.subscription !== name || ended < from || ended > to) continue;
    counts.set(classOf(delivery), (counts.get(classOf(delivery)) ?? 0) + 1);
  }
  const series = [...counts].map(([outcome, count]) => ({
    metric: { type, labels: { response_class: outcome } },
    resource,
    metricKind: 'DELTA',
    valueType: 'INT64',
    points: [pointOf(from, to, count)],
  }));
  return series.length === 0 ? {} : { timeSeries: series };
};
