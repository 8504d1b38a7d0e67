import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../infra/local/clock.ts';
import type { CloudCluster } from '../../../infra/local/cluster.ts';
import { Identities } from '../../../infra/local/identities.ts';
import { type LocalKubernetes, startKubernetes } from '../../../infra/local/kubernetes/index.ts';
import type { ControlPlane } from '../control-plane.ts';
import { openDoor, startGke } from '../real-cluster.ts';
import { Caller, type Line, type Story } from './caller.ts';
import { differences } from './differences.ts';
import * as stories from './stories/index.ts';

/**
 * The same requests to both API servers, and the same answers: codes, reasons, messages, causes, and every field of
 * every object, but for uids, resource versions and times. Where they differ, the embedded one is wrong.
 */
const clock = systemClock;
const identities = new Identities();
const token = identities.tokenOf('tester', ['system:masters']);
let controlPlane: ControlPlane;
let embedded: LocalKubernetes;
let real: CloudCluster;

beforeAll(async () => {
  controlPlane = await startGke({ controllers: false });
  real = await openDoor(controlPlane, { clock, identities });
  // As the real one, without controllers: they write when they get to it.
  embedded = await startKubernetes({ clock, identities, authorize: 'RBAC', disruptions: false });
  const crd = new URL('../../../infra/kubernetes/crds/gkeiproutes.yaml', import.meta.url);
  for (const cluster of [embedded, real]) await cluster.apply(readFileSync(crd, 'utf8'));
});
afterAll(async () => {
  await Promise.all([embedded?.close(), real?.close()]);
  await controlPlane?.stop();
});

const namespaceOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/-$/, '');

/** What a controller makes in every namespace; it mounts no token, which no container of the embedded cluster reads. */
const serviceAccount = { metadata: { name: 'default' }, automountServiceAccountToken: false };

const tell = async (
  cluster: Pick<CloudCluster, 'url'>,
  story: Story,
  namespace: string,
): Promise<readonly Line[]> => {
  const caller = new Caller(cluster.url, token);
  await caller.post('/api/v1/namespaces', { metadata: { name: namespace } });
  if (cluster === real)
    await new Caller(real.url, token).post(`/api/v1/namespaces/${namespace}/serviceaccounts`, serviceAccount);
  await story(caller, namespace);
  return caller.lines;
};

/** Differences that are not mended yet, by story. One that is mended must leave the list. */
const knownFile = new URL('known-differences.json', import.meta.url);
const known = JSON.parse(readFileSync(knownFile, 'utf8')) as Record<string, readonly string[]>;
const found: Record<string, readonly string[]> = {};

// UPDATE_KNOWN_DIFFERENCES=1 writes down what is found.
afterAll(() => {
  if (process.env.UPDATE_KNOWN_DIFFERENCES === '1')
    writeFileSync(knownFile, `${JSON.stringify({ ...known, ...found }, null, 2)}\n`);
});

describe.each(Object.entries<Readonly<Record<string, Story>>>(stories))('%s', (topic, told) => {
  it.each(Object.entries(told))('%s', async (title, story) => {
    const name = `${topic} ${title}`;
    const namespace = namespaceOf(name);
    const ours = await tell(embedded, story, namespace);
    const theirs = await tell(real, story, namespace);
    const all = differences(ours, theirs).map((line) => line.replaceAll(namespace, 'NS'));
    if (process.env.UPDATE_KNOWN_DIFFERENCES === '1') {
      if (all.length > 0) found[name] = all;
      else delete known[name];
    } else expect(all).toEqual(known[name] ?? []);
  });
});
