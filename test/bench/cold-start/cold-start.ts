import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Figure } from '../frame/figure.ts';
import { alternate, median } from '../frame/statistics.ts';
import { startWorld, type World } from '../world.ts';
import { type FirstEvent, firstEvent } from './first-event.ts';
import { deployedImage, type Image, plainImage, trivialImage } from './image.ts';

const ofReconcile = (world: World, image: Image) => async (): Promise<FirstEvent> => {
  const launch = await world.launch('reconcile');
  const { body, check } = await world.makeMoveDue();
  const result = await firstEvent({ ...launch, image, body });
  await check();
  return result;
};

const ofClusterEvent = (world: World, image: Image, what: 'dropped' | 'pod' | 'route') => async () =>
  firstEvent({ ...(await world.launch('on-cluster-event')), image, body: world.entry(what) });

type Runs = readonly FirstEvent[];
const ms = (runs: Runs): number => median(runs.map((run) => run.ms));
const resident = (runs: Runs): number => median(runs.map((run) => run.residentMB));

const compared = (name: string, ours: Runs, plain: Runs, most: number): readonly Figure[] => [
  {
    name: `${name}: time`,
    unit: 'ms',
    ours: { what: 'as deployed', value: ms(ours) },
    against: { what: 'plain imports', value: ms(plain) },
    bars: [{ of: 'ratio', atLeast: 6 }],
  },
  {
    name: `${name}: resident`,
    unit: 'MB',
    ours: { what: 'as deployed', value: resident(ours) },
    against: { what: 'plain imports', value: resident(plain) },
    bars: [{ of: 'ours', atMost: most }],
  },
];

const againstTrivial = (
  name: string,
  unit: string,
  ours: number,
  trivial: number,
  isBar: boolean,
): Figure => ({
  name,
  unit,
  ours: { what: 'as deployed', value: ours },
  against: { what: 'a trivial function', value: trivial },
  ratio: 'ours/against',
  ...(isBar && { bars: [{ of: 'ratio', atMost: 1.5 }] }),
});

const bench: Bench = {
  title: 'Cold start',
  run: async ({ say, quick }) => {
    const rounds = quick ? 3 : 20;
    const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
    say('building the images');
    const deployed = await deployedImage(join(folder, 'workspace'));
    const plain = await plainImage(join(folder, 'plain'));
    const trivial = trivialImage(deployed, join(folder, 'trivial'));
    const world = await startWorld();
    try {
      say(`${rounds} rounds of seven starts`);
      const runs = await alternate(
        {
          reconcile: ofReconcile(world, deployed),
          reconcilePlain: ofReconcile(world, plain),
          trivial: ofClusterEvent(world, trivial, 'dropped'),
          dropped: ofClusterEvent(world, deployed, 'dropped'),
          pod: ofClusterEvent(world, deployed, 'pod'),
          podPlain: ofClusterEvent(world, plain, 'pod'),
          route: ofClusterEvent(world, deployed, 'route'),
        },
        rounds,
      );
      const bar = (what: string, of: Runs, isOurs: boolean) => ({ what, value: ms(of), isOurs });
      return {
        figures: [
          ...compared(
            '`reconcile`, first move (PATCH, status, audit entry)',
            runs.reconcile,
            runs.reconcilePlain,
            140,
          ),
          againstTrivial(
            '`on-cluster-event`, first entry dropped: time',
            'ms',
            ms(runs.dropped),
            ms(runs.trivial),
            true,
          ),
          againstTrivial(
            '`on-cluster-event`, first entry dropped: resident',
            'MB',
            resident(runs.dropped),
            resident(runs.trivial),
            false,
          ),
          ...compared(
            '`on-cluster-event`, first entry published (a Pod turned Ready)',
            runs.pod,
            runs.podPlain,
            110,
          ),
          ...compared(
            '`on-cluster-event`, first entry published (a route was written)',
            runs.route,
            runs.podPlain,
            110,
          ),
        ],
        charts: [
          {
            name: '',
            title: 'From the start of the process to the end of its first event',
            unit: 'ms',
            groups: [
              {
                label: 'reconcile: a move',
                bars: [
                  bar('as deployed', runs.reconcile, true),
                  bar('plain imports', runs.reconcilePlain, false),
                ],
              },
              {
                label: 'on-cluster-event',
                bars: [
                  bar('entry dropped', runs.dropped, true),
                  bar('a trivial function', runs.trivial, false),
                  bar('route: published', runs.route, true),
                  bar('Pod: published', runs.pod, true),
                  bar('the same, plain imports', runs.podPlain, false),
                ],
              },
            ],
          },
        ],
        data: runs,
      };
    } finally {
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

export default bench;
