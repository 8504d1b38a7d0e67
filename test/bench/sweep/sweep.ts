import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeBundle, writeBundle } from '../../../infra/bundle/bundle.ts';
import { root } from '../../../infra/bundle/compile.ts';
import type { Image } from '../cold-start/image.ts';
import type { Bench, Figure } from '../frame/figure.ts';
import { number } from '../frame/table.ts';
import { startWorld } from '../world.ts';
import type { Latencies } from './apis.ts';
import { type Run, sweepOver } from './run.ts';
import { sceneOf, templateOf } from './scene.ts';

/** Copies of a namespace with eight routes: 104, 1,000 and 10,000 routes, with ten Pods each. */
const sizes = [13, 125, 1_250] as const;

/** Of a page of 500, milliseconds: slower than either API is on most days. */
const slow: Latencies = { compute: 500, kubernetes: 200 };

/** The bundle as `npm run bundle` makes it, with the packages of the checkout. */
export const bundledImage = async (folder: string): Promise<Image> => {
  writeBundle(await makeBundle(), folder);
  symlinkSync(join(root, 'node_modules'), join(folder, 'functions/node_modules'));
  return { folder: join(folder, 'functions'), refresh: () => {} };
};

const turns = 'endpoints of one NEG';
const total = ({ calls }: Run): number => Object.values(calls).reduce((sum, count) => sum + count, 0);
const turnsOf = ({ calls }: Run): number => calls[turns] ?? 0;
const lists = (run: Run): number => total(run) - turnsOf(run);

const bench: Bench = {
  title: 'Sweeps',
  run: async ({ quick, say }) => {
    mkdirSync(join(root, 'dist'), { recursive: true });
    const folder = mkdtempSync(join(root, 'dist/sweep-'));
    const image = await bundledImage(folder);
    const world = await startWorld();
    try {
      const template = await templateOf(world);
      const runs: Run[] = [];
      for (const copies of quick ? sizes.slice(0, 2) : sizes) {
        runs.push(await sweepOver(world, image, sceneOf(template, copies)));
        say(`${number(copies * template.routes)} routes`);
      }
      const [smallest] = runs;
      const largest = runs.at(-1);
      if (smallest === undefined || largest === undefined) throw new Error('nothing was run');
      const whole = sceneOf(template, largest.routes / template.routes);
      const withLatencies = await sweepOver(world, image, whole, slow);
      const name = ({ routes, pods }: Run) => `${number(routes)} routes, ${number(pods)} Pods`;
      const figures = runs.flatMap((run): Figure[] => [
        {
          name: `${name(run)}: lists`,
          unit: 'calls',
          ours: { what: `one run, beside ${turnsOf(run)} NEGs whose turn it is`, value: lists(run) },
        },
        {
          name: `${name(run)}: requests published`,
          unit: 'requests',
          ours: { what: 'nothing has changed', value: run.published },
          bars: [{ of: 'ours', atMost: 0 }],
        },
        {
          name: `${name(run)}: peak resident`,
          unit: 'MB',
          ours: { what: 'the process, from its start', value: run.peakMB },
          bars: [{ of: 'ours', atMost: 512 }],
        },
        {
          name: `${name(run)}: time`,
          unit: 's',
          ours: { what: 'answers at once, from the start of the process', value: run.ms / 1000 },
        },
      ]);
      const growth = (lists(largest) - lists(smallest)) / (largest.routes - smallest.routes);
      return {
        figures: [
          ...figures,
          {
            name: 'lists for each 500 routes and 5,000 Pods more',
            unit: 'calls',
            ours: { what: 'pages of ten kinds', value: growth * 500 },
            bars: [{ of: 'ours', atMost: 20 }],
          },
          {
            name: `${name(largest)}, ${slow.compute} ms a page of Compute and ${slow.kubernetes} ms of Kubernetes: time`,
            unit: 's',
            ours: { what: 'from the start of the process', value: withLatencies.ms / 1000 },
            against: { what: "the run's own limit", value: 240 },
            bars: [{ of: 'ratio', atLeast: 1 }],
          },
        ],
        charts: [
          {
            name: '',
            title: 'Calls of a sweep over a cluster in which nothing has changed',
            unit: 'calls',
            groups: runs.map((run) => ({
              label: `${number(run.routes)} routes`,
              bars: [{ what: 'lists', value: total(run), isOurs: true }],
            })),
          },
          {
            name: 'memory',
            title: 'Peak resident memory of a sweep',
            unit: 'MB',
            groups: runs.map((run) => ({
              label: `${number(run.routes)} routes, ${number(run.pods)} Pods`,
              bars: [{ what: 'as deployed', value: run.peakMB, isOurs: true }],
            })),
          },
        ],
        notes: [
          `Calls of the largest by kind: ${Object.entries(largest.calls)
            .map(([kind, count]) => `${kind} ${count}`)
            .join(', ')}.`,
        ],
        data: { runs, withLatencies },
      };
    } finally {
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

export default bench;
