import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, makeBundle, writeBundle } from '../../infra/bundle/bundle.ts';
import { root } from '../../infra/bundle/compile.ts';
import { bundledPlaces } from '../../infra/bundle/licences.ts';
import { firstEvent, type Launch } from './cold-start/first-event.ts';
import { type Move, measureMove } from './move/measure.ts';
import { sweepOver } from './sweep/run.ts';
import { type Kind, type Scene, sceneOf, type Template, templateOf } from './sweep/scene.ts';
import { routesInTurn, startWorld, type World } from './world.ts';

/**
 * Counts and sizes that must not grow unseen: not times, which a loaded machine changes. Whoever has a good reason raises a
 * number here, and says it in the commit.
 */
describe.each([
  { addresses: 1, bytes: 90_000 },
  { addresses: 16, bytes: 140_000 },
])('a move of $addresses', ({ addresses, bytes }) => {
  let move: Move;
  beforeAll(async () => {
    move = await measureMove(addresses);
  });

  it('is one mutation of Compute, sent after two rounds of reads and one status write', () => {
    expect([move.mutations, move.rounds]).toEqual([1, 3]);
  });

  it('costs no more calls and bytes than it did, from the audit entry to Ready', () => {
    expect(move.calls.length).toBeLessThanOrEqual(45);
    expect(move.bytes).toBeLessThan(bytes);
  });
});

/** As if somebody had deleted one object of it. */
const without = (scene: Scene, kind: Kind, index: number): Scene => {
  const list = scene.lists[kind];
  const shorter = {
    count: list.count - 1,
    item: (asked: number) => list.item(asked < index ? asked : asked + 1),
  };
  return { ...scene, lists: { ...scene.lists, [kind]: shorter } };
};

describe('the bundle', () => {
  let bundle: Bundle;
  let folder: string;
  let world: World;
  let template: Template;
  /** The modules that run when somebody needs them; all others run at once. */
  let waits: ReadonlySet<string>;
  beforeAll(async () => {
    bundle = await makeBundle();
    const text = Buffer.from(bundle.files.get('functions.js') ?? '').toString('latin1');
    waits = new Set(
      Object.keys(bundle.metafile.inputs).filter((path) => text.includes(`${JSON.stringify(path)}(`)),
    );
    mkdirSync(join(root, 'dist'), { recursive: true });
    folder = mkdtempSync(join(root, 'dist/budget-'));
    writeBundle(bundle, folder);
    symlinkSync(join(root, 'node_modules'), join(folder, 'functions/node_modules'));
    world = await startWorld(routesInTurn(1));
    template = await templateOf(world);
  });
  afterAll(async () => {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What of the bundle has run by the end of a function's first event. */
  const loadedFor = async (name: string, body: object) => {
    const record = join(folder, 'loads');
    const launch = await world.launch(name);
    const settings: Launch['settings'] = (url) => ({
      ...launch.settings(url),
      NODE_OPTIONS: `--import ${join(import.meta.dirname, 'record-loads.mjs')}`,
      RECORD_LOADS: record,
    });
    const image = { folder: join(folder, 'functions'), refresh: () => rmSync(record, { force: true }) };
    await firstEvent({ ...launch, settings, image, body });
    const run = new Set(readFileSync(record, 'utf8').split('\n'));
    const output = Object.values(bundle.metafile.outputs).find(
      ({ inputs }) => Object.keys(inputs).length > 0,
    );
    const inputs = Object.entries(output?.inputs ?? {}).filter(
      ([path, { bytesInOutput }]) => bytesInOutput > 0 && (run.has(path) || !waits.has(path)),
    );
    return {
      packages: bundledPlaces({
        ...bundle.metafile,
        outputs: { one: { ...output, inputs: Object.fromEntries(inputs) } as NonNullable<typeof output> },
      }).map((place) => place.replace('node_modules/', '')),
      modules: inputs.length,

      bytes: inputs.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0),
    };
  };
  const compute = '@google-cloud/compute';
  const kubernetes = '@kubernetes/client-node';

  it('is small: less than 0.75 MB to upload, 1.8 MB of code', () => {
    const code = [...bundle.files].filter(([name]) => name.endsWith('.js'));
    expect(bundle.archive.length).toBeLessThan(750_000);
    expect(code.reduce((sum, [, { length }]) => sum + length, 0)).toBeLessThan(1_800_000);
  });

  it('loads no client at all for an entry that its content drops', async () => {
    const { packages, modules, bytes } = await loadedFor('on-cluster-event', world.entry('dropped'));
    expect(packages).toEqual(['jose', 'valibot']);
    expect(modules).toBeLessThanOrEqual(45);
    expect(bytes).toBeLessThan(80_500);
  });

  it('loads the publisher and not Kubernetes for an entry that names its object, and never Compute', async () => {
    const { packages, modules, bytes } = await loadedFor('on-cluster-event', world.entry('route'));
    expect(packages).toContain('@google-cloud/pubsub-api');
    expect(packages).not.toContain(compute);
    expect(packages).not.toContain(kubernetes);
    expect(modules).toBeLessThanOrEqual(300);
    expect(bytes).toBeLessThan(850_000);
  });

  it('loads Kubernetes for a Pod, and never Compute', async () => {
    const { packages, modules, bytes } = await loadedFor('on-cluster-event', world.entry('pod'));
    expect(packages).toContain(kubernetes);
    expect(packages).not.toContain(compute);
    expect(modules).toBeLessThanOrEqual(330);
    expect(bytes).toBeLessThan(950_000);
  });

  it('loads no publisher for a reconcile that moves', async () => {
    const { body, check } = await world.makeMoveDue();
    const { packages, modules, bytes } = await loadedFor('reconcile', body);
    await check();
    expect(packages).toEqual(expect.arrayContaining([compute, kubernetes, '@google-cloud/logging-api']));
    expect(packages).not.toContain('@google-cloud/pubsub-api');
    expect(modules).toBeLessThanOrEqual(391);
    expect(bytes).toBeLessThan(1_400_000);
  });

  describe('in a full run of the sweep over 600 routes that are well, and 6,000 Pods', () => {
    const sweep = (scene: Scene) =>
      sweepOver(world, { folder: join(folder, 'functions'), refresh: () => {} }, scene);

    it('asks for nothing, by no more calls than there are pages', async () => {
      const { calls, published, peakMB } = await sweep(sceneOf(template, 600));
      expect(published).toBe(0);
      const { 'endpoints of one NEG': turns = 0, ...lists } = calls;
      // One of 144 runs is each NEG's.
      expect(turns).toBeLessThan(30);
      expect(lists).toEqual({
        addresses: 2,
        backendServices: 2,
        firewalls: 2,
        forwardingRules: 2,
        gatewayclasses: 1,
        gateways: 2,
        instances: 1,
        namespaces: 2,
        'namespace kube-system': 1,
        // Another zone has none.
        networkEndpointGroups: 3,
        nodes: 1,
        // One to count them.
        pods: 13,
        routes: 2,
        SelfSubjectReview: 1,
      });
      expect(peakMB).toBeLessThan(400);
    });

    it('asks for the one route whose firewall rule is gone', async () => {
      expect((await sweep(without(sceneOf(template, 600), 'firewalls', 400))).published).toBe(1);
    });
  });
});
