import { writeFileSync } from 'node:fs';
import { type Admin, adminOf, type Json } from '../../infra/local/admin.ts';
import { type LocalCloud, startCloud } from '../../infra/local/cloud.ts';
import { applySample } from '../../infra/local/samples.ts';
import { until } from '../../infra/local/until.ts';
import { kubernetesCollections, samplesFile } from './samples.ts';

/**
 * Writes the samples that inputs are made of anew, from a local cloud at rest: `npm exec -- node test/fuzz/capture.ts`.
 * They are kept in the repository, because a seed repeats a case only on the same samples.
 */

const applied = ['nat-pod', 'multi-network', 'internal-pool'];

interface Conditioned {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const allReady = async (admin: Admin): Promise<true | undefined> => {
  const { items } = await admin.kubernetes('GET', '/apis/networking.gke.io/v1/gkeiproutes');
  const routes = items as readonly Conditioned[];
  const ready = ({ status }: Conditioned): boolean =>
    status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true;
  return routes.length > 0 && routes.every(ready) ? true : undefined;
};

/** Without `managedFields`, which are half of an object and which nothing reads. */
const bare = (item: Json): Json => {
  const { managedFields: _, ...metadata } = (item.metadata ?? {}) as Json;
  return { ...item, metadata };
};

const listed = async (admin: Admin, path: string): Promise<Json> => {
  const list = await admin.kubernetes('GET', path);
  return { ...list, items: ((list.items ?? []) as readonly Json[]).map(bare) };
};

const computeLists = ({ region }: LocalCloud): readonly string[] => [
  ...['backendServices', 'forwardingRules', 'addresses'].map((name) => `/regions/${region}/${name}`),
  '/global/firewalls',
  ...['a', 'b'].flatMap((zone) =>
    ['networkEndpointGroups', 'instances'].map((name) => `/zones/${region}-${zone}/${name}`),
  ),
];

/** The endpoints of each NEG, by the NEG's path. */
const endpoints = async (
  admin: Admin,
  lists: Readonly<Record<string, Json>>,
): Promise<Record<string, Json>> => {
  const found: Record<string, Json> = {};
  for (const [path, list] of Object.entries(lists)) {
    if (!path.endsWith('/networkEndpointGroups')) continue;
    for (const { name } of (list.items ?? []) as readonly { readonly name: string }[])
      found[`${path}/${name}`] = await admin.compute('POST', `${path}/${name}/listNetworkEndpoints`, {});
  }
  return found;
};

/** One entry of each method: the rest differ in names alone. */
const onePerMethod = (entries: readonly Json[]): readonly Json[] => [
  ...new Map(
    entries.map((entry) => [String((entry.protoPayload as Json | undefined)?.methodName), entry]),
  ).values(),
];

/** A minute apart, the last one just before the hour at which the fuzzer asks. */
const inTheMorning = (entries: readonly Json[]): readonly Json[] =>
  entries.map(({ insertId, jsonPayload }, index) => {
    const time = Date.parse('2026-11-25T11:59:00Z') - (entries.length - index) * 60_000;
    return { insertId, timestamp: new Date(time).toISOString(), jsonPayload };
  });

const cloud = await startCloud({ sweepMs: 0, seed: 1 });
try {
  const admin = adminOf(cloud);
  for (const name of applied) await applySample(cloud, name);
  await until(cloud, 'every route is Ready', () => allReady(admin), 60_000);
  await cloud.pubsub.idle();
  const kubernetes: Record<string, Json> = {};
  for (const path of kubernetesCollections) kubernetes[path] = await listed(admin, path);
  const compute: Record<string, Json> = {};
  for (const path of computeLists(cloud)) compute[path] = await admin.compute('GET', path);
  const attached = await endpoints(admin, compute);
  // What changes after the objects were read: entries of a move, of a lost VM and of a release.
  const [first] = (kubernetes['/api/v1/pods']?.items ?? []) as readonly {
    metadata: { namespace: string; name: string };
  }[];
  if (first === undefined) throw new Error('the samples have no Pod');
  const { namespace, name } = first.metadata;
  await admin.kubernetes('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}`);
  await admin.kubernetes('DELETE', `/api/v1/namespaces/${namespace}/pods`);
  const labels = { metadata: { labels: { team: 'edge' } } };
  const merge = 'application/merge-patch+json';
  await admin.kubernetes('PATCH', `/api/v1/namespaces/${namespace}`, labels, merge);
  await admin.kubernetes('DELETE', '/apis/networking.gke.io/v1/namespaces/edge/gkeiproutes/nat');
  const [vm] = cloud.vms;
  if (vm !== undefined) await admin.compute('DELETE', `/zones/${vm.zone}/instances/${vm.name}`);
  await admin.kubernetes('DELETE', `/api/v1/nodes/${vm?.name}`);
  await cloud.pubsub.idle();
  const entries = onePerMethod(cloud.logging.list('logName:"cloudaudit"') as readonly Json[]);
  const audit = inTheMorning(cloud.logging.list('logName:"persistent-ip-audit"') as readonly Json[]);
  writeFileSync(
    samplesFile,
    `${JSON.stringify({ kubernetes, compute, endpoints: attached, entries, audit }, null, 1)}\n`,
  );
} finally {
  await cloud.close();
}
process.exit(0);
