import { describe, expect, it } from 'vitest';
import type { Address } from '../../../functions/persistent-ip/cloud.ts';
import {
  findLeftovers,
  type Living,
  mostOrphaned,
  orphanedNow,
  type RegionListed,
} from '../../../functions/persistent-ip/leftovers.ts';
import { negName, type ObjectIdentity, ruleName, stemOf } from '../../../functions/persistent-ip/names.ts';
import {
  describe as describeOwner,
  describeReservation,
} from '../../../functions/persistent-ip/ownership.ts';
import { planGatewayLeftovers } from '../../../functions/persistent-ip/plan-leftovers.ts';
import { isRecordOf, type Recorded, recordedIn } from '../../../functions/persistent-ip/recorded.ts';
import { address, clusterKey, gateway, metadata, route } from '../fixtures.ts';

const us = { deployment: 'test', cluster: clusterKey, region: 'us-central1', clusterUid: 'cluster-uid' };
const identity: ObjectIdentity = { cluster: clusterKey, namespace: 'edge', name: 'nat', uid: 'uid-nat' };
const stem = stemOf(identity);
const created = '2026-11-24T14:00:00Z';
const nobody: Living = { routes: [], gateways: [] };
const owned = { kind: 'route', deployment: 'test', clusterUid: 'cluster-uid', identity } as const;

const textOf = (more: { deployment?: string; clusterUid?: string; route?: ObjectIdentity } = {}): string =>
  describeOwner({ deployment: 'test', clusterUid: 'cluster-uid', route: identity, ...more });

const none: RegionListed = { services: [], rules: [], firewalls: [], negs: [], addresses: [] };
const service = (description: string, name = stem): Partial<RegionListed> => ({
  services: [{ name, description, fingerprint: 'f', scheme: 'EXTERNAL', network: '', backends: [], created }],
});
const one: Readonly<Record<string, (text: string) => Partial<RegionListed>>> = {
  'backend service': service,
  'forwarding rule': (description) => ({
    rules: [
      {
        name: ruleName(stem, '34.1.2.3'),
        description,
        fingerprint: 'f',
        ip: '34.1.2.3',
        network: '',
        allowGlobalAccess: false,
        backendService: stem,
        created,
      },
    ],
  }),
  'firewall rule': (description) => ({
    firewalls: [
      {
        name: stem,
        description,
        network: 'default',
        sourceRanges: [],
        destinationRanges: [],
        targetTags: [],
        created,
      },
    ],
  }),
  'network endpoint group': (owner) => ({
    negs: [
      {
        zone: 'us-central1-a',
        name: negName(stem, 'us-central1-a', 'default'),
        owner,
        network: 'default',
        subnetwork: 'default',
        size: 0,
        created,
      },
    ],
  }),
};

const find = (listed: Partial<RegionListed>, living: Partial<Living> = {}) =>
  findLeftovers(us, { ...none, ...listed }, { ...nobody, ...living });

describe.each(Object.keys(one))('a %s', (what) => {
  const listed = (text: string) => one[what]!(text);

  it('whose route is gone is an orphan', () => {
    expect(find(listed(textOf()))).toEqual({ orphaned: [owned], unclear: [] });
  });

  it('whose route exists is none', () => {
    expect(find(listed(textOf()), { routes: [route()] })).toEqual({ orphaned: [], unclear: [] });
  });

  it('of a route that was recreated under its name is one of the old route', () => {
    const again = route(undefined, { metadata: metadata('nat', { uid: 'uid-again' }) });
    expect(find(listed(textOf()), { routes: [again] }).orphaned).toEqual([owned]);
  });

  it('of another deployment, or of a cluster of another name, is its business', () => {
    expect(find(listed(textOf({ deployment: 'other' })))).toEqual({ orphaned: [], unclear: [] });
    const cluster = { ...clusterKey, name: 'staging' };
    expect(find(listed(textOf({ route: { ...identity, cluster } })))).toEqual({ orphaned: [], unclear: [] });
  });

  it('of an earlier cluster of the same name is a person’s to delete', () => {
    const { orphaned, unclear } = find(listed(textOf({ clusterUid: 'older' })));
    expect(orphaned).toEqual([]);
    expect(unclear).toMatchObject([{ what, created, problem: expect.stringContaining('(uid older)') }]);
  });

  it('without a record is unclear, unless a route of that very name exists, which says so itself', () => {
    for (const text of ['', 'made by hand', '{"deployment":"test"}', '{', 'null', '{"cluster":null}']) {
      expect(find(listed(text)).orphaned).toEqual([]);
      expect(find(listed(text)).unclear).toMatchObject([
        { what, problem: expect.stringContaining('no ownership record') },
      ]);
      expect(find(listed(text), { routes: [route()] }).unclear).toEqual([]);
    }
  });

  it('with the record of an object whose resources have other names is unclear, whether or not that exists', () => {
    const copied = textOf({ route: { ...identity, name: 'other', uid: 'uid-other' } });
    const other = route(undefined, { metadata: metadata('other') });
    for (const routes of [[], [other]])
      expect(find(listed(copied), { routes })).toMatchObject({
        orphaned: [],
        unclear: [{ what, problem: expect.stringContaining('copied') }],
      });
  });
});

it('a name of another form is nobody’s of ours, whatever its record says', () => {
  for (const name of ['pip-edge-nat', `${stem}-x`, `my-${stem}`, 'web'])
    expect(find(service(textOf(), name))).toEqual({ orphaned: [], unclear: [] });
});

it('all that is left of one route is one orphan', () => {
  const listed = Object.assign({}, ...Object.values(one).map((make) => make(textOf()))) as RegionListed;
  expect(find(listed).orphaned).toEqual([owned]);
});

describe('an address that was reserved for a Gateway that is gone', () => {
  const pool: ObjectIdentity = { cluster: clusterKey, namespace: 'infra', name: 'pool', uid: 'uid-pool' };
  const owner: Recorded = { ...owned, kind: 'gateway', identity: pool };
  const description = describeReservation({ ...us, gateway: pool });
  const reserved = (more: Partial<Address> = {}) =>
    address('34.200.0.10', { name: `${stemOf(pool)}-0`, description, ...more });
  const steps = (one: Address, gateways = nobody.gateways) =>
    planGatewayLeftovers(owner, [one], gateways, us.region);
  const other = { metadata: metadata('other', { namespace: 'infra' }) };

  it('is returned', () => {
    expect(find({ addresses: [reserved()] }).orphaned).toEqual([owner]);
    expect(steps(reserved())).toEqual([[{ do: 'delete-address', name: `${stemOf(pool)}-0` }]]);
  });

  it.each<[string, Partial<Address>]>([
    ['is used', { status: 'IN_USE', users: ['https://x/forwardingRules/r'] }],
    ['is used, as its users alone say', { users: ['https://x/forwardingRules/r'] }],
    ['is still being reserved', { status: 'RESERVING' }],
    ['is of the host project', { project: 'host' }],
    ['has another name', { name: 'mine' }],
  ])('stays while it %s', (_, more) => {
    expect(find({ addresses: [reserved(more)] }).orphaned).toEqual([]);
    expect(steps(reserved(more))).toEqual([]);
  });

  it.each([
    ['by value', { type: 'IPAddress', value: '34.200.0.10' }],
    ['in a block', { type: 'gke.networking.io/cidr', value: '34.200.0.0/24' }],
    ['by name', { type: 'NamedAddress', value: `${stemOf(pool)}-0` }],
  ])('stays while another Gateway names it %s', (_, entry) => {
    const gateways = [gateway([], { ...other, addresses: [entry] })];
    expect(find({ addresses: [reserved()] }, { gateways }).orphaned).toEqual([]);
    expect(steps(reserved(), gateways)).toEqual([]);
  });

  it('stays while its Gateway exists, and a user’s own address always does', () => {
    expect(find({ addresses: [reserved()] }, { gateways: [gateway()] }).orphaned).toEqual([]);
    expect(find({ addresses: [address('34.1.2.3')] })).toEqual({ orphaned: [], unclear: [] });
    expect(steps(reserved({ description: '' }))).toEqual([]);
    expect(
      steps(reserved({ description: describeReservation({ ...us, gateway: { ...pool, uid: 'x' } }) })),
    ).toEqual([]);
  });
});

describe('a record is whole, or it is none', () => {
  it.each(['deployment', 'cluster', 'route'])('without its %s', (field) => {
    const whole = JSON.parse(textOf()) as Record<string, unknown>;
    for (const value of [undefined, null, '', 7, [], {}]) {
      expect(recordedIn(JSON.stringify({ ...whole, [field]: value }))).toBeUndefined();
      expect(isRecordOf(owned, JSON.stringify({ ...whole, [field]: value }))).toBe(false);
    }
  });

  it('and it is read with the holder record beside it', () => {
    expect(recordedIn(`${textOf().slice(0, -1)},"holder":{"at":"x"}}`)).toEqual(owned);
  });

  it.each([
    ['deployment', { deployment: 'other' }],
    ['cluster', { clusterUid: 'older' }],
    ['cluster’s name', { route: { ...identity, cluster: { ...clusterKey, name: 'staging' } } }],
    ['namespace', { route: { ...identity, namespace: 'shop' } }],
    ['name', { route: { ...identity, name: 'other' } }],
    ['uid', { route: { ...identity, uid: 'uid-again' } }],
  ])('of another %s it is another’s', (_, more) => {
    expect(isRecordOf(owned, textOf(more))).toBe(false);
    expect(isRecordOf(owned, textOf())).toBe(true);
  });
});

it('a run asks for twenty at most, and the next ones go on until each had its turn', () => {
  const many = Array.from({ length: 47 }, (_, i) => ({
    ...owned,
    identity: { ...identity, uid: `uid-${String(i).padStart(2, '0')}` },
  }));
  const runs = [7, 8, 9].map((run) => orphanedNow(many, run));
  for (const run of runs) expect(run).toHaveLength(mostOrphaned);
  expect(new Set(runs.flat().map(({ identity: { uid } }) => uid)).size).toBe(47);
  expect(orphanedNow(many.slice(0, 20), 3)).toHaveLength(20);
});
