import { describe, expect, it } from 'vitest';
import { addressPage } from '../../../functions/page/address-page.ts';
import { routePage } from '../../../functions/page/route-page.ts';
import type { Stage } from '../../../functions/persistent-ip/cloud.ts';
import { callsOf } from '../../../functions/persistent-ip/compute-call.ts';
import type { Explanation } from '../../../functions/persistent-ip/explain.ts';
import type { Interval } from '../../../functions/persistent-ip/history.ts';
import { condition } from '../fixtures.ts';
import { problemsOf } from './problems-of.ts';

const hostile = '"><script>alert(1)</script>';
const range = { from: Date.parse('2026-11-25T00:00:00Z'), to: Date.parse('2026-11-26T00:00:00Z') };
const interval = (pod: string | null, from: string | null, to: string | null, certain = true): Interval => ({
  from,
  to,
  holder:
    pod === null
      ? null
      : {
          pod,
          uid: 'u',
          node: 'node-a',
          zone: 'z',
          podIP: '10.0.0.1',
          cluster: { project: 'p', location: 'l', name: 'one' },
          route: { namespace: 'edge', name: 'nat', uid: 'r' },
        },
  began:
    from === null
      ? null
      : {
          insertId: 'i',
          action: 'move',
          cause: { insertId: 'e', method: 'io.k8s.core.v1.pods.delete', principal: 'someone', at: from },
          latencyMs: 420,
        },
  certain,
  doubts: certain ? [] : [{ kind: 'missing-entry', message: 'an entry is missing' }],
});
const address = async (pod = 'nat-1'): Promise<string> =>
  String(
    await addressPage(
      '34.1.2.3',
      [
        interval(null, null, '2026-11-25T06:00:00Z', false),
        interval(pod, '2026-11-25T06:00:00Z', '2026-11-25T12:00:00Z'),
        interval('nat-2', '2026-11-25T12:00:00Z', null, false),
      ],
      range,
    ),
  );
const explanation: Explanation = {
  verdict: 'act',
  why: null,
  holder: { pod: 'nat-1', uid: 'u', node: 'node-a' },
  pods: [
    {
      pod: 'nat-1',
      uid: 'u',
      node: 'node-a',
      chosen: true,
      why: 'it is the first in the order of the rules',
    },
    { pod: hostile, uid: 'v', node: null, chosen: false, why: 'it is not Ready' },
  ],
  conditions: [
    { ...condition('Accepted', 'True', 'Accepted'), whatToDo: null },
    { ...condition('GCPReady', 'False', 'GCPFailed'), message: hostile, whatToDo: 'Raise the quota.' },
  ],
  stages: [],
  calls: [],
};
const route = async (more: Partial<Explanation> = {}): Promise<string> =>
  String(await routePage({ cluster: 'one', namespace: 'edge', name: 'nat' }, { ...explanation, ...more }));

describe('the page of an address', () => {
  it('draws who held it, for as long as that was, and hatches what is not certain', async () => {
    const page = await address();
    expect(page).toMatch(/<rect x="250" y="0" width="250"[^>]*fill="var\(--used\)"/);
    expect(page).toMatch(/<rect x="500" y="0" width="500"[^>]*fill="url\(#unsure\)"/);
  });

  it('says the same in words, the newest first, with cause and latency', async () => {
    const page = await address();
    expect(page.indexOf('nat-2 on')).toBeLessThan(page.indexOf('nat-1 on'));
    expect(page).toContain('io.k8s.core.v1.pods.delete');
    expect(page).toContain('420 ms');
    expect(page).toContain('an entry is missing');
  });

  it('is valid HTML and shows hostile names as text', async () => {
    expect(await problemsOf(await address())).toEqual([]);
    expect(await address(hostile)).not.toContain('<script>alert');
  });
});

describe('the page of a route', () => {
  it('says of every Pod why it is or is not chosen, and of a condition what to do', async () => {
    const page = await route();
    expect(page).toContain('it is the first in the order of the rules');
    expect(page).toContain('it is not Ready');
    expect(page).toContain('Raise the quota.');
  });

  it('says that nobody holds it, and that there is no Pod', async () => {
    const page = await route({ holder: null, pods: [] });
    expect(page).toContain('Nobody holds its addresses.');
    expect(page).toContain('No Pod has the labels');
  });

  it('says what would be done in the words of a plan: stage, call, resource, and what of it', async () => {
    const neg = { zone: 'us-central1-a', name: 'pip-edge-nat-1' };
    const calls = callsOf([
      [{ do: 'delete-forwarding-rule', name: 'pip-edge-nat-0' }],
      [{ do: 'attach', neg, instances: ['node-a', hostile] }],
    ] as readonly Stage[]);
    const page = await route({ calls });
    const cells = [...page.matchAll(/<t[dh][^>]*>([^<]*)<\/t[dh]>/g)].map(([, cell]) => cell);
    expect(cells.slice(-8)).toEqual([
      ...['1', 'forwardingRules.delete', 'pip-edge-nat-0', ''],
      ...['2', 'networkEndpointGroups.attachNetworkEndpoints', 'us-central1-a/pip-edge-nat-1'],
      expect.stringMatching(/^node-a, &quot;&gt;/) as string,
    ]);
    expect(await problemsOf(page)).toEqual([]);
    expect(await route()).toContain('No call to Compute Engine.');
  });

  it('is valid HTML and shows hostile names as text', async () => {
    expect(await problemsOf(await route())).toEqual([]);
    expect(await route()).not.toContain('<script>alert');
  });
});
