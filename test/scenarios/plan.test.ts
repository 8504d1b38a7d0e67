import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessTokenVariable } from '../../infra/cli/persistent-ip/tokens.ts';
import type { PlanView } from '../../infra/cli/persistent-ip/views.ts';
import { type DotLocal, writeDotLocal } from '../../infra/local/dot-local.ts';
import { administrator } from '../../infra/local/people.ts';
import { readerAccount } from '../../infra/local/site.ts';
import { command } from '../infra/cli/persistent-ip/terminal.ts';
import { gateway, namespace, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let folder: string;
let local: DotLocal;
let before: unknown;

// One for all: what only asks leaves nothing behind, which the last rule of this file is about.
beforeAll(async () => {
  stage = await Stage.open();
  folder = mkdtempSync(join(tmpdir(), 'persistent-ip-'));
  local = await writeDotLocal(stage.cloud, folder);
  await stage.serve({ ips: ['34.1.2.3', '34.1.2.4'] });
  stage.reserve('34.1.2.5');
  await stage.apply(namespace('other'), {
    ...pod('sip-1', 'edge'),
    metadata: { name: 'sip-1', namespace: 'edge', labels: { app: 'sip' } },
  });
  await stage.podReady('edge', 'sip-1');
  await stage.rest();
  before = await stage.snapshot();
});
afterAll(async () => {
  local.remove();
  rmSync(folder, { recursive: true, force: true });
  await stage.close();
});

/** The variables that a shell has after `source .local/env`. */
const sourced = (): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(local.env, 'utf8').matchAll(/^export (PERSISTENT_IP_\w+)='([^']*)'$/gm)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );

const textOf = (manifests: readonly (object | string)[]): string =>
  manifests.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n---\n');

const plan = (
  manifests: readonly (object | string)[],
  how: readonly string[] = [],
  env: Record<string, string> = {},
) =>
  command(['plan', '-f', '-', ...how], {
    env: { ...sourced(), ...env },
    stdin: Readable.from([textOf(manifests)]),
    now: () => new Date(),
  });

const planned = async (...given: Parameters<typeof plan>): Promise<PlanView & { readonly code: number }> => {
  const [manifests, how = [], env] = given;
  const { code, out } = await plan(manifests, [...how, '-o', 'json'], env);
  return { code, ...(JSON.parse(out) as PlanView) };
};

describe.each([
  ['the inventory', []],
  ['the cluster and Google Cloud directly', ['--direct']],
])('what would happen if it were applied, asked of %s', (_, how) => {
  it('is told for a free address, one that another route has, one of no pool, and a namespace that is not admitted', async () => {
    const free = await plan([route('sip', 'edge', ['34.1.2.4'])], how);
    expect({ code: free.code, err: free.err }).toEqual({ code: 0, err: '' });
    expect(free.out).toMatch(
      /^GKEIPRoute edge\/sip would be created, and would be served\n +Pod nat-1 on node gke-/m,
    );
    expect(free.out).toMatch(/^yes +nat-1 +gke-\S+ +it is the first in the order of the rules$/m);
    expect(free.out).toMatch(/^4 +forwardingRules.insert +pip-edge-sip-<uid>-22010204 +34.1.2.4, EXTERNAL$/m);
    expect(free.out).toMatch(/^Nothing was written\.$/m);

    const { code, routes } = await planned(
      [
        route('sip', 'edge', ['34.1.2.3']),
        route('lost', 'edge', ['34.9.9.9']),
        route('far', 'other', ['34.1.2.4'], { parentRefs: [{ name: 'pool', namespace: 'edge' }] }),
      ],
      how,
    );
    expect(code).toBe(6);
    expect(routes).toMatchObject([
      { outcome: 'waits', conflict: { address: '34.1.2.3', with: 'GKEIPRoute edge/nat' } },
      { outcome: 'refused', because: expect.stringContaining('in the pool of no Gateway') as string },
      { outcome: 'refused', because: expect.stringContaining('ask its owner to widen') as string },
    ]);
  });

  it('is told for a route that is live, and for a Gateway with its route', async () => {
    const { code, routes, gateways } = await planned(
      [
        route('nat', 'edge', ['34.1.2.3'], { podSelector: { matchLabels: { app: 'sip' } } }),
        route('own', 'edge', ['34.1.2.5'], { parentRefs: [{ name: 'fresh' }] }),
        gateway('fresh', 'edge', ['34.1.2.5']),
      ],
      how,
    );
    expect(code).toBe(0);
    expect(routes).toMatchObject([
      { change: 'change', holder: { pod: 'nat-1' }, wouldHold: { pod: 'sip-1' } },
      { change: 'create', outcome: 'served', wouldHold: { pod: 'nat-1' } },
    ]);
    expect(gateways).toMatchObject([{ name: 'fresh', pool: [{ address: '34.1.2.5', wouldBe: 'edge/own' }] }]);
  });

  it('is told to who would take a live route its address', async () => {
    const { code, out, err } = await plan([gateway('pool', 'edge', ['34.1.2.4'])], how);
    expect({ code, err }).toEqual({ code: 6, err: 'error: edge/nat would no longer be served\n' });
    expect(out).toMatch(
      /^What it does to GKEIPRoute edge\/nat:\n +now served: .*\n +then refused: .*in the pool of no/m,
    );
    expect(out).toMatch(/^34.1.2.3 +removed +edge\/nat +-$/m);
  });

  it('is an error in one line for what is no manifest of ours', async () => {
    for (const [manifest, words] of [
      ['spec: [1', /^error: document 1 cannot be read: .*\n$/],
      [
        'apiVersion: v1\nkind: Service\nmetadata: {name: a}',
        /^error: there is no GKEIPRoute and no Gateway.*\n$/,
      ],
    ] as const) {
      const { code, out, err } = await plan([manifest], how);
      expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringMatching(words) as string });
    }
  });
});

describe('with --direct the API server is asked', () => {
  it('and its refusal is one of the plan’s', async () => {
    const listeners = [{ name: 'default', protocol: 'TCP', port: 443, hostname: 'example.com' }];
    const named = gateway('fresh', 'edge', [], {}, { listeners });
    expect((await planned([named])).served).toBe(true);
    const { rejected, served, code } = await planned([named], ['--direct']);
    expect({ served, code }).toEqual({ served: false, code: 6 });
    expect(rejected[0]?.problems).toMatchObject([
      {
        field: 'spec.listeners',
        problem: expect.stringContaining('hostname must not be specified') as string,
      },
    ]);
  });

  it('unless one may not write, which the plan says', async () => {
    const token = join(folder, 'reader-token');
    writeFileSync(token, stage.cloud.identities.tokenOf(readerAccount));
    const { notChecked, code } = await planned([route('sip', 'edge', ['34.1.2.4'])], ['--direct'], {
      [accessTokenVariable]: token,
    });
    expect(code).toBe(0);
    expect(notChecked).toContainEqual(
      expect.stringContaining('you may not create and patch GKEIPRoutes in namespace edge'),
    );
  });
});

it('nothing is written, neither to the cluster nor to Google Cloud, and nothing comes of a dry run', async () => {
  const from = stage.cloud.compute.calls.length;
  const messages = stage.cloud.pubsub.deliveries.length;
  const calls = stage.cloud.kubernetes.calls.length;
  const manifest = [route('nat', 'edge', ['34.1.2.4']), gateway('pool', 'edge', ['34.1.2.4'])];
  await plan(manifest);
  const writes = () =>
    stage.cloud.kubernetes.calls
      .slice(calls)
      .filter(({ user }) => user === administrator || user === readerAccount)
      .filter(({ method, path }) => method !== 'GET' && !path.endsWith('accessreviews'));
  expect(writes()).toEqual([]);
  await plan(manifest, ['--direct']);
  expect(writes().map(({ query }) => query)).toMatchObject([{ dryRun: 'All' }, { dryRun: 'All' }]);
  await stage.rest();
  expect(stage.cloud.compute.calls.slice(from).filter(({ mutation }) => mutation)).toEqual([]);
  expect(await stage.snapshot()).toEqual(before);
  expect(stage.cloud.pubsub.deliveries.length).toBe(messages);
});
