import type { IncomingMessage, ServerResponse } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { type IdentityCheck, type PushOutcome, pushHandler } from '../../functions/push-handler.ts';
import type { StoredEntry } from '../../infra/local/logging/index.ts';
import { project, region } from '../../infra/local/site.ts';
import { matched, monitoringOf, problemsOf, problemsOfSeries, shortName } from './monitored.ts';
import { gateway, namespace, notReady, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

/**
 * The dashboard and the alerts of infra/terraform rest on what the functions write: here they write each kind of audit
 * entry and each log line that a metric counts, and every filter and extractor is tried on them.
 */

const { metrics, charts, alerts } = monitoringOf(project);
const auditLog = `projects/${project}/logs/persistent-ip-audit`;

interface Line {
  readonly severity: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * A line on a function's standard output, as it stands in Cloud Logging. Source: Cloud Run, *Logging*: a `message` alone is
 * the entry's text, beside other fields it stays one of them.
 */
const entryOf = ({ severity, message, fields = {} }: Line): StoredEntry => ({
  logName: `projects/${project}/logs/run.googleapis.com%2Fstdout`,
  insertId: message,
  timestamp: '2026-11-25T22:00:00Z',
  severity,
  resource: {
    type: 'cloud_run_revision',
    labels: {
      project_id: project,
      location: region,
      service_name: `persistent-ip-${String(fields.function ?? 'sweep')}`,
    },
  },
  ...(Object.keys(fields).length === 0 ? { textPayload: message } : { jsonPayload: { ...fields, message } }),
});

const entries: StoredEntry[] = [];
const log = (severity: string, message: string, fields?: Line['fields']): void => {
  entries.push(entryOf({ severity, message, ...(fields && { fields }) }));
};

/** What the frame of a function writes about a push that ends so. */
const push = async (outcome: PushOutcome | Error, known = true): Promise<void> => {
  const check: IdentityCheck = () =>
    Promise.resolve(known ? { ok: true } : { ok: false, status: 403, why: 'a stranger' });
  const handle = () => (outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome));
  const request = { headers: {} } as IncomingMessage;
  const response = { end: () => {} } as ServerResponse;
  await pushHandler('reconcile', { log } as never, check, handle)(request, response);
};

const on = (node: number) => ({ node: `gke-local-pool-${node}` });

/** An address goes to a Pod, to the next, to nobody; a route is refused; one has a mark of GKE's; something is left. */
const everything = async (stage: Stage): Promise<void> => {
  await stage.serve({ node: on(1).node });
  await stage.apply(pod('nat-2', 'edge', on(3)));
  await stage.ready('edge', 'nat', 'nat-2');
  for (const name of ['nat-1', 'nat-2'])
    await stage.patch(paths.pod('edge', name), { metadata: { annotations: notReady } });
  await stage.reason('edge', 'nat', 'GCPReady', 'NoPodsFound');
  await stage.apply(route('wrong', 'edge', ['34.1.2.77']));
  await stage.reason('edge', 'wrong', 'Accepted', 'InvalidAddresses');
  const { metadata, ...theirs } = route('theirs', 'edge', ['34.1.2.3']);
  await stage.apply({
    ...theirs,
    metadata: { ...metadata, finalizers: ['networking.gke.io/gke-ipr-controller'] },
  });
  const left = { name: 'pip-edge-gone-00000000000f-0', description: 'made by hand' };
  await stage.change('POST', `/regions/${region}/addresses`, left);
};

/** Nobody answers for the node that a route's Pod is on. */
const silence = async (stage: Stage): Promise<void> => {
  stage.reserve('34.1.2.9');
  await stage.apply(namespace('late'), gateway('pool', 'late', ['34.1.2.9']), pod('late-1', 'late', on(2)));
  await stage.podReady('late', 'late-1');
  stage.cloud.nodes.stopKubelet(on(2).node);
  await stage.apply(route('nat', 'late', ['34.1.2.9'], { reactionMode: 'Exists' }));
  await stage.reason('late', 'nat', 'GCPReady', 'GCPReady');
};

beforeAll(async () => {
  const stage = await Stage.open({ log });
  try {
    stage.cloud.logging.onEntry((entry) => {
      if (entry.logName === auditLog) entries.push(entry);
    });
    await everything(stage);
    await silence(stage);
    stage.cloud.setAhead(121_000);
    stage.cloud.sweep();
    await stage.rest();
  } finally {
    await stage.close();
  }
  await push({ kind: 'settled' }, false);
  await push({ kind: 'refused', refusal: { kind: 'malformed', field: 'body', problem: 'is none' } });
  await push({ kind: 'retry', why: 'nothing could be read' });
  await push(new TypeError('a fault of ours'));
});

describe('every metric', () => {
  it.each(metrics.map((metric) => [shortName(metric), metric] as const))(
    '%s counts what the functions write, and finds in it what it takes',
    (_, metric) => {
      expect(problemsOf(metric, entries)).toEqual([]);
    },
  );

  it('is on the dashboard or in an alert', () => {
    const shown = [...charts, ...alerts].map(({ filter }) => filter);
    const hidden = metrics.filter(({ type }) => !shown.some((filter) => filter.includes(`"${type}"`)));
    expect(hidden.map(shortName)).toEqual([]);
  });
});

it.each([...charts, ...alerts].map((series) => [series.title, series.filter, series] as const))(
  '%s: %s is there',
  (_, __, series) => {
    expect(problemsOfSeries(series, metrics, entries)).toEqual([]);
  },
);

/** What an audit entry is, for whoever counts: its action, and of a refusal or condition whose it is. */
const kindOf = ({ jsonPayload }: StoredEntry): string => {
  const { action, outcome } = jsonPayload as { action: string; outcome: string };
  if (action === 'condition') return outcome === 'AgentSilent' ? 'silent agent' : 'condition';
  if (action !== 'refuse' || outcome === 'refused') return action;
  return outcome.startsWith('left to GKE') ? 'left to GKE' : 'left behind';
};

it('each kind of audit entry is counted once, but conditions on their way, and a move also by its latency', () => {
  const counters = (entry: StoredEntry) =>
    metrics.filter((metric) => matched(metric, [entry]).length > 0).map(shortName);
  const kinds = new Map<string, Set<string>>();
  for (const entry of entries.filter(({ logName }) => logName === auditLog))
    kinds.set(kindOf(entry), new Set([...(kinds.get(kindOf(entry)) ?? []), ...counters(entry)]));
  expect(Object.fromEntries([...kinds].map(([kind, names]) => [kind, [...names].sort()]))).toEqual({
    allocate: ['changes-of-holder'],
    move: ['changes-of-holder', 'move-latency'],
    release: ['changes-of-holder'],
    refuse: ['refused-routes'],
    condition: [],
    'silent agent': ['silent-agents'],
    'left to GKE': ['left-to-people'],
    'left behind': ['left-to-people'],
  });
});
