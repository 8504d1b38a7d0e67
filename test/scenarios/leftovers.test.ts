import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stemOf } from '../../functions/persistent-ip/names.ts';
import { describeReservation } from '../../functions/persistent-ip/ownership.ts';
import { paths, route } from './objects.ts';
import { Stage } from './stage.ts';

/** *Orphans* of design/google-cloud.md: what is left of a route or Gateway that is gone, and what only looks like it. */

let stage: Stage;

const region = '/regions/us-central1';
const zone = '/zones/us-central1-a';
const kinds = [
  `${region}/backendServices`,
  `${region}/forwardingRules`,
  '/global/firewalls',
  `${zone}/networkEndpointGroups`,
  '/zones/us-central1-b/networkEndpointGroups',
];
const crd = readFileSync(new URL('../../infra/kubernetes/crds/gkeiproutes.yaml', import.meta.url), 'utf8');
type Resource = Readonly<Record<string, unknown>> & { readonly name: string };

const resources = async (path: string): Promise<readonly Resource[]> =>
  ((await stage.admin.compute('GET', path)) as { items?: readonly Resource[] }).items ?? [];
const left = async (): Promise<readonly string[]> =>
  (await Promise.all(kinds.map((path) => stage.names(path)))).flat();
const sweep = async (): Promise<void> => {
  stage.cloud.sweep();
  await stage.rest();
};
const said = () =>
  stage.cloud.logging
    .list('logName:"persistent-ip-audit" AND jsonPayload.action="refuse"')
    .map(({ insertId, jsonPayload }) => ({
      insertId,
      text: String((jsonPayload as { outcome: string }).outcome),
    }))
    .filter(({ text }) => !text.startsWith('refused'));
/** The route's finalizer is taken off by force, in one write with nobody in between, and it goes. */
const vanish = async (namespace: string, name: string): Promise<void> => {
  // Nobody is there to release it: the function that would is refused what it reads.
  const blind = stage.cloud.compute.inject({
    method: 'GET',
    path: /./,
    times: 10_000,
    effect: { refuse: { status: 403, reason: 'forbidden', message: 'no rights' } },
  });
  await stage.delete(paths.route(namespace, name));
  await stage.patch(paths.route(namespace, name), { metadata: { finalizers: null } });
  await stage.gone(paths.route(namespace, name));
  blind.cancel();
};

/** Deliveries to the sweep that were not acknowledged. */
const failedSweeps = (from: number): number =>
  stage.cloud.pubsub.deliveries
    .slice(from)
    .filter(({ subscription, status }) => subscription.endsWith('sweeps') && status === 503).length;

beforeEach(async () => {
  stage = await Stage.open();
  // In the zone whose NEG is copied below: a real scheduler chooses for itself.
  await stage.serve({ node: 'gke-local-pool-1' });
});
afterEach(() => stage.close());

describe('the sweep', () => {
  it('lets go of everything that a route left behind, and of nothing that another one has', async () => {
    await stage.reserve('34.1.2.4');
    await stage.patch(paths.gateway('edge', 'pool'), {
      spec: { addresses: ['34.1.2.3', '34.1.2.4'].map((value) => ({ type: 'IPAddress', value })) },
    });
    await stage.apply(route('web', 'edge', ['34.1.2.4']));
    await stage.ready('edge', 'web', 'nat-1');
    const both = await left();
    await vanish('edge', 'nat');
    expect(await left()).toEqual(both);
    await sweep();
    const after = await left();
    expect(after).toHaveLength(both.length / 2);
    for (const name of after) expect(name).toContain('pip-edge-web-');
    expect((await stage.ready('edge', 'web', 'nat-1')).ready).toBe(true);
    expect(await stage.names(`${region}/addresses`)).toHaveLength(2);
    expect(stage.history('nat').at(-1)).toMatchObject({ action: 'release', from: { pod: 'nat-1' } });
    const calls = stage.cloud.compute.calls.length;
    await sweep();
    expect(stage.mutations(calls)).toEqual([]);
  });

  it('gives the address to the route of the same name that came after', async () => {
    await vanish('edge', 'nat');
    const before = await left();
    await stage.apply(route('nat', 'edge', ['34.1.2.3']));
    await sweep();
    await stage.ready('edge', 'nat', 'nat-1');
    await stage.rest();
    for (const name of await left()) expect(before).not.toContain(name);
  });

  it('returns an address that was reserved for a Gateway that is gone, and no other', async () => {
    const cluster = {
      project: stage.cloud.cluster.project,
      location: stage.cloud.cluster.location,
      name: stage.cloud.cluster.name,
    };
    const { metadata } = (await stage.find('/api/v1/namespaces/kube-system')) as {
      metadata: { uid: string };
    };
    const gone = { cluster, namespace: 'edge', name: 'gone', uid: 'uid-gone' };
    const description = describeReservation({
      deployment: 'persistent-ip',
      clusterUid: metadata.uid,
      gateway: gone,
    });
    await stage.change('POST', `${region}/addresses`, { name: `${stemOf(gone)}-0`, description });
    await stage.change('POST', `${region}/addresses`, { name: `${stemOf(gone)}-1`, description: 'mine' });
    await sweep();
    expect(await stage.names(`${region}/addresses`)).toEqual(['ip-34-1-2-3', `${stemOf(gone)}-1`]);
  });
});

describe('nothing goes', () => {
  it('while routes cannot be read because their definition is missing; it goes when they can be', async () => {
    const before = await left();
    await vanish('edge', 'nat');
    await stage.undefine('gkeiproutes.networking.gke.io');
    const calls = stage.cloud.compute.calls.length;
    const messages = stage.messages().length;
    stage.cloud.sweep();
    await vi.waitUntil(() => failedSweeps(messages) > 0, { timeout: 10_000, interval: 20 });
    expect(stage.mutations(calls)).toEqual([]);
    expect(await left()).toEqual(before);
    await stage.cloud.kubernetes.apply(crd);
    await stage.rest();
    await sweep();
    expect(await left()).toEqual([]);
  });

  it('that another deployment made, or nobody of ours; what has no record is said once', async () => {
    await vanish('edge', 'nat');
    const [service] = await resources(`${region}/backendServices`);
    const [group] = await resources(`${zone}/networkEndpointGroups`);
    const copy = async (path: string, one: Resource, name: string, more: object) => {
      const { id, selfLink, kind, creationTimestamp, fingerprint, size, region: _, zone: __, ...body } = one;
      const { name: operation } = await stage.admin.compute('POST', path, { ...body, name, ...more });
      await stage.admin.compute(
        'POST',
        `${path.replace(/\/[^/]+$/, '')}/operations/${String(operation)}/wait`,
      );
    };
    const text = String(service?.description);
    const foreign = 'pip-edge-nat-00000000000f';
    const others = 'pip-edge-nat-0000000000ff';
    const bare = { haPolicy: { fastIPMove: 'DISABLED' }, backends: [] };
    await copy(`${region}/backendServices`, service!, foreign, { ...bare, description: 'made by hand' });
    await copy(`${region}/backendServices`, service!, others, {
      ...bare,
      description: text.replace('"persistent-ip"', '"other"'),
    });
    await copy(`${zone}/networkEndpointGroups`, group!, `${foreign}-00000001`, { annotations: {} });
    await sweep();
    await sweep();
    expect(await left()).toEqual([foreign, others, `${foreign}-00000001`]);
    expect(new Set(said().map(({ insertId }) => insertId)).size).toBe(2);
    expect(said().map(({ text: words }) => words)).toEqual([
      expect.stringContaining(`backend service ${foreign}: it is named as ours are, has no ownership record`),
      expect.stringContaining(`network endpoint group us-central1-a/${foreign}-00000001`),
    ]);
  });
});
