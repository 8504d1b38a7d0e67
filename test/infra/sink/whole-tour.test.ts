import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseComputeEvent } from '../../../events/compute-event.ts';
import { judgeClusterEvent } from '../../../events/judge-cluster-event.ts';
import { judgeComputeEvent } from '../../../events/judge-compute-event.ts';
import { readClusterEvent } from '../../../events/log-entry.ts';
import { type LocalCloud, startCloud } from '../../../infra/local/cloud.ts';
import { parseFilter } from '../../../infra/local/logging/filter.ts';
import { runTour } from '../../../infra/local/tour/tour.ts';
import { main } from '../../../infra/local/tour/tours/main.ts';
import { systemEventMethods } from '../../../infra/sink/compute-methods.ts';
import {
  renderComputeFilter,
  renderSinkFilter,
  renderSystemEventFilter,
} from '../../../infra/sink/render.ts';

type Entry = Readonly<Record<string, unknown>>;

let cloud: LocalCloud;
let good: boolean;
const entries: Entry[] = [];

/** A whole tour without a sweep: whatever the sink held back, nothing else would bring. */
beforeAll(async () => {
  cloud = await startCloud({ sweepMs: 0, nodes: 4 });
  cloud.logging.onEntry((entry) => entries.push(entry));
  good = await runTour(cloud, () => {}, main);
}, 120_000);
afterAll(() => cloud?.close());

const ofCluster = () => entries.filter(parseFilter('protoPayload.serviceName="k8s.io"'));
const ofCompute = () => entries.filter(parseFilter('protoPayload.serviceName="compute.googleapis.com"'));
const bytes = (list: readonly Entry[]): number =>
  list.reduce((sum, entry) => sum + JSON.stringify(entry).length, 0);
const method = (entry: Entry): unknown => (entry.protoPayload as Entry).methodName;
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(0)} %`;

const isKept = (entry: Entry): boolean => {
  const event = readClusterEvent(entry);
  if (!event.ok) throw new Error(`${event.refusal.field}: ${event.refusal.problem}`);
  const verdict = judgeClusterEvent(event.value, {
    clusters: [cloud.cluster],
    ownPrincipal: cloud.serviceAccount,
  });
  if (verdict.kind === 'refuse') throw new Error(`refused: ${JSON.stringify(verdict.refusal)}`);
  return verdict.kind !== 'drop';
};

describe('over a whole tour the sink', () => {
  it('holds back nothing that a route needs: the tour does what it says without a sweep', () => {
    expect(good).toBe(true);
  });

  it('holds back nothing that the function would keep, and a good part of the rest', () => {
    const passes = parseFilter(
      renderSinkFilter({ clusters: [cloud.cluster], serviceAccount: cloud.serviceAccount }),
    );
    const all = ofCluster();
    const kept = all.filter(isKept);
    const through = all.filter(passes);
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.filter((entry) => !passes(entry)).map(method)).toEqual([]);
    expect(bytes(through)).toBeLessThan(bytes(all) / 2);
    process.stdout.write(
      `the sink lets ${through.length} of ${all.length} entries through (${percent(through.length, all.length)}; ` +
        `${percent(bytes(through), bytes(all))} of the bytes), ${Math.round(bytes(through) / through.length)} bytes each; ` +
        `the function keeps ${kept.length}\n`,
    );
  });

  it('for another project lets through what Eventarc’s triggers would, and nothing of our own', () => {
    const passes = parseFilter(renderComputeFilter(cloud.serviceAccount));
    const config = { ownPrincipal: cloud.serviceAccount, projects: [cloud.project] };
    const judged = ofCompute().map((entry) => {
      const event = parseComputeEvent(JSON.stringify(entry));
      if (!event.ok) throw new Error(event.refusal.problem);
      return { entry, verdict: judgeComputeEvent(event.value, config) };
    });
    const kept = judged.filter(({ verdict }) => verdict.kind !== 'drop');
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter(({ entry }) => !passes(entry)).map(({ entry }) => method(entry))).toEqual([]);
    const own = ofCompute().filter(
      parseFilter(`protoPayload.authenticationInfo.principalEmail="${cloud.serviceAccount}"`),
    );
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter(passes)).toEqual([]);
  });
});

describe('the sink of system events', () => {
  const passes = parseFilter(renderSystemEventFilter());
  const entry = (methodName: string, log = 'system_event'): Entry => ({
    insertId: '1',
    logName: `projects/p/logs/cloudaudit.googleapis.com%2F${log}`,
    timestamp: '2026-11-25T08:00:00Z',
    resource: { type: 'gce_instance', labels: { project_id: 'p', zone: 'us-central1-a' } },
    protoPayload: {
      serviceName: 'compute.googleapis.com',
      methodName,
      resourceName: 'projects/p/zones/us-central1-a/instances/node-1',
      authenticationInfo: { principalEmail: 'system@google.com' },
    },
  });

  it.each(systemEventMethods)('lets %s through, which the function keeps', (name) => {
    expect(passes(entry(name))).toBe(true);
    const event = parseComputeEvent(JSON.stringify(entry(name)));
    expect(event.ok && judgeComputeEvent(event.value, { ownPrincipal: 'x', projects: ['p'] })).toMatchObject({
      kind: 'instance',
      name: 'node-1',
    });
  });

  it('holds back other system events, and the activity log', () => {
    expect(passes(entry('compute.instances.migrateOnHostMaintenance'))).toBe(false);
    expect(passes(entry('compute.instances.preempted', 'activity'))).toBe(false);
  });
});
