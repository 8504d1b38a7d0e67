import { setTimeout } from 'node:timers/promises';
import { type Admin, adminOf } from '../../infra/local/admin.ts';
import { type LocalCloud, startCloud } from '../../infra/local/cloud.ts';
import { inInstances, instanceName } from '../../infra/local/instances.ts';
import { seeded } from '../../infra/local/random.ts';
import { deadLetters } from '../../infra/local/site.ts';
import { gateway, namespace, paths, pod, route } from '../scenarios/objects.ts';
import { look } from './look.ts';
import { type Meter, measure } from './meter.ts';
import { doubleOwners, type RouteSeen, type Snapshot, unsettled } from './ownership.ts';
import { limitLists } from './quota.ts';

export interface LoadOptions {
  readonly routes: number;
  readonly namespaces: number;
  /** Percent of the functions' calls that are refused during the rollout. */
  readonly failing: number;
  readonly seed: number;
  /** Of `reconcile`: 1 in this process, more as threads of their own. */
  readonly instances: number;
  /** Of one instance. */
  readonly computeCallsPerSecond: number;
  /** Lists of Compute that the project may send a minute; 0: any number. */
  readonly listsPerMinute: number;
  /** Milliseconds that each convergence may take. */
  readonly patience: number;
  readonly onProgress: (line: string) => void;
}

export interface LoadResult {
  /** Milliseconds from the first object to every route Ready; `undefined`: not in time. */
  readonly first: number | undefined;
  /** Milliseconds from the first new Pod to every route Ready on its new Pod; `undefined`: not in time. */
  readonly rollout: number | undefined;
  readonly looks: number;
  readonly deadLetters: number;
  /** Everything that is not as it must be; empty when all is. */
  readonly broken: readonly string[];
  readonly before: Counts;
  readonly during: Counts;
  /** Compute calls in the fullest second, of all together. */
  readonly peak: number;
  /** The same of each instance, where there are several. */
  readonly peaks: readonly number[];
}

export type Counts = Pick<Meter, 'calls' | 'refused'>;

/** Of a Gateway: status.addresses holds no more. */
const poolSize = 16;
/** Pods that a node takes beside the system's own, with room for both generations. */
const podsANode = 100;
/** Milliseconds between two looks, at least, and as a multiple of what a look takes: it lists everything. */
const lookEvery = 250;
const restAfterLook = 5;

interface Place {
  readonly namespace: string;
  readonly name: string;
  readonly pool: string;
  readonly ip: string;
  readonly nodes: readonly [string, string];
}

/** Where each route, its address and its two Pods are: the second Pod on the node after the first one's. */
const placesOf = (cloud: LocalCloud, { routes, namespaces }: LoadOptions): readonly Place[] =>
  Array.from({ length: routes }, (_, i) => {
    const inNamespace = Math.floor(i / namespaces);
    const node = (at: number) => cloud.vms[at % cloud.vms.length]?.name ?? '';
    return {
      namespace: `load-${i % namespaces}`,
      name: `nat-${inNamespace}`,
      pool: `pool-${Math.floor(inNamespace / poolSize)}`,
      ip: `34.1.${Math.floor(i / 250)}.${1 + (i % 250)}`,
      nodes: [node(i), node(i + 1)],
    };
  });

const podOf = ({ namespace, name, nodes }: Place, generation: 0 | 1) => {
  const made = pod(`${name}-${generation}`, namespace, { node: nodes[generation] });
  return { ...made, metadata: { ...made.metadata, labels: { app: name } } };
};

const routeOf = ({ namespace, name, pool, ip }: Place) =>
  route(name, namespace, [ip], { parentRefs: [{ name: pool }], podSelector: { matchLabels: { app: name } } });

/** Twenty at a time, as a person's tools do. */
const each = async <T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> => {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await act(item);
  };
  await Promise.all(Array.from({ length: 20 }, worker));
};

const createPods = (admin: Admin, places: readonly Place[], generation: 0 | 1): Promise<void> =>
  each(places, (place) =>
    admin.kubernetes('POST', `/api/v1/namespaces/${place.namespace}/pods`, podOf(place, generation)),
  );

const install = async (cloud: LocalCloud, places: readonly Place[]): Promise<void> => {
  const admin = adminOf(cloud);
  for (const { ip } of places)
    cloud.compute.reserveAddress({ name: `ip-${ip.replaceAll('.', '-')}`, address: ip });
  const spaces = [...new Set(places.map((place) => place.namespace))];
  await each(spaces, (name) => admin.kubernetes('POST', '/api/v1/namespaces', namespace(name)));
  const pools = Map.groupBy(places, ({ namespace: space, pool }) => `${space}/${pool}`);
  await each([...pools], ([key, members]) => {
    const [space = '', name = ''] = key.split('/');
    const made = gateway(
      name,
      space,
      members.map(({ ip }) => ip),
    );
    return admin.kubernetes('POST', `/apis/gateway.networking.k8s.io/v1/namespaces/${space}/gateways`, made);
  });
  await createPods(admin, places, 0);
  await each(places, (place) =>
    admin.kubernetes(
      'POST',
      `/apis/networking.gke.io/v1/namespaces/${place.namespace}/gkeiproutes`,
      routeOf(place),
    ),
  );
};

const pullDead = async (cloud: LocalCloud): Promise<number> => {
  const headers = {
    authorization: `Bearer ${cloud.identities.tokenOf('load')}`,
    'content-type': 'application/json',
  };
  const counts = Object.values(deadLetters).map(async (name) => {
    const body = JSON.stringify({ maxMessages: 1000 });
    const answer = await fetch(`${cloud.pubsub.url}/v1/${name}:pull`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { receivedMessages?: readonly unknown[] }).receivedMessages?.length ?? 0;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
};

const kept = ({ calls, refused }: Counts): Counts => ({ calls: new Map(calls), refused: new Map(refused) });

const since = (after: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>) =>
  new Map([...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)]));

/** Looks again and again, checks each look, and ends with the first in which every route is where it is wanted. */
const watcher = (cloud: LocalCloud, { routes, patience, onProgress }: LoadOptions, broken: Set<string>) => {
  const admin = adminOf(cloud);
  let looks = 0;
  const once = async (): Promise<Snapshot> => {
    const snapshot = await look(admin, cloud.region);
    looks += 1;
    for (const line of doubleOwners(snapshot)) broken.add(line);
    return snapshot;
  };
  const settled = async (what: string, generation: 0 | 1, from: number): Promise<number | undefined> => {
    const wanted = ({ name }: RouteSeen) => `${name}-${generation}`;
    let told = performance.now();
    for (;;) {
      const began = performance.now();
      const snapshot = await once();
      const took = performance.now() - began;
      const left = unsettled(snapshot, wanted);
      const now = performance.now();
      if (snapshot.routes.length === routes && left.length === 0) return now - from;
      if (now - from > patience) {
        broken.add(
          `${what}: ${left.length} routes not Ready on the right Pod in ${patience / 1000} s: ${left.slice(0, 5)}`,
        );
        return undefined;
      }
      if (now - told > 5_000) {
        told = now;
        onProgress(
          `${what}: ${routes - left.length} of ${routes} Ready after ${((now - from) / 1000).toFixed(0)} s`,
        );
      }
      await setTimeout(Math.max(lookEvery, restAfterLook * took));
    }
  };
  return { settled, looks: () => looks };
};

/** Installs routes, rolls all of their Pods out at once while calls fail, and says what it took and what is not right. */
export const runLoad = async (options: LoadOptions): Promise<LoadResult> => {
  const nodes = Math.max(4, Math.ceil((2 * options.routes) / podsANode));
  const cloud = await startCloud({
    nodes,
    sweepMs: 0,
    operationMs: 5,
    seed: options.seed,
    computeCallsPerSecond: options.computeCallsPerSecond,
    ...(options.instances > 1 && { deploy: inInstances(options.instances) }),
    // A busy machine must not make a living node look dead.
    timings: { podStartMs: 10, podReadyMs: 10, terminateMs: 10, graceMs: 600_000 },
  });
  try {
    return await rollOut(cloud, options);
  } finally {
    await cloud.close();
  }
};

const rollOut = async (cloud: LocalCloud, options: LoadOptions): Promise<LoadResult> => {
  let failing = 0;
  if (options.listsPerMinute > 0) limitLists(cloud, options.listsPerMinute);
  const meter = measure(cloud, seeded(options.seed), () => failing);
  const broken = new Set<string>();
  const { settled, looks } = watcher(cloud, options, broken);
  const places = placesOf(cloud, options);
  const began = performance.now();
  await install(cloud, places);
  const first = await settled('first convergence', 0, began);
  await cloud.pubsub.idle();
  const before = kept(meter);

  failing = options.failing / 100;
  const admin = adminOf(cloud);
  const rolled = performance.now();
  const replacing = createPods(admin, places, 1).then(() =>
    each(places, ({ namespace: space, name }) => admin.kubernetes('DELETE', paths.pod(space, `${name}-0`))),
  );
  const [rollout] = await Promise.all([settled('rollout', 1, rolled), replacing]);
  failing = 0;
  await cloud.pubsub.idle();
  await settled('at rest', 1, performance.now());

  const dead = await pullDead(cloud);
  if (dead > 0) broken.add(`${dead} dead letters`);
  const during = { calls: since(meter.calls, before.calls), refused: since(meter.refused, before.refused) };
  if (options.failing > 0 && during.refused.size === 0)
    broken.add('no call was refused: the faults did not strike');
  const { instances, computeCallsPerSecond: most } = options;
  const peak = meter.peak();
  if (peak > most * instances)
    broken.add(`${peak} Compute calls in a second, where ${most * instances} are allowed`);
  const names = Array.from({ length: instances }, (_, i) => instanceName(i + 1));
  const peaks = instances === 1 ? [] : names.map((name) => meter.peaks().get(name) ?? 0);
  for (const [i, own] of peaks.entries()) {
    if (own > most) broken.add(`${own} Compute calls in a second of ${names[i]}, where ${most} are allowed`);
    if (own === 0) broken.add(`${names[i]} has sent no call: nothing is shown by it`);
  }
  return {
    first,
    rollout,
    looks: looks(),
    deadLetters: dead,
    broken: [...broken],
    before,
    during,
    peak,
    peaks,
  };
};
