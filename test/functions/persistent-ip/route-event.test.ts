import { describe, expect, it } from 'vitest';
import { type AuditEntry, agentSilent } from '../../../functions/persistent-ip/audit.ts';
import type { Holder } from '../../../functions/persistent-ip/holder-record.ts';
import { routeEvents } from '../../../functions/persistent-ip/route-event.ts';
import { cause, clusterKey } from '../fixtures.ts';

const holder = (pod: string, more: Partial<Holder> = {}): Holder => ({
  pod,
  uid: `uid-${pod}`,
  node: 'node-a',
  zone: 'us-central1-a',
  podIP: '10.0.0.1',
  ...more,
});

const entry = (more: Partial<AuditEntry>): AuditEntry => ({
  insertId: 'x',
  timestamp: '2026-11-24T14:05:00.250Z',
  action: 'move',
  cluster: clusterKey,
  route: { namespace: 'edge', name: 'nat', uid: 'uid-nat' },
  addresses: ['34.1.2.3', '34.1.2.4'],
  outcome: 'held',
  ...more,
});

type Changed = NonNullable<AuditEntry['conditions']>[number];
const condition = (type: string, status: string, reason: string, message = 'what to do'): Changed => ({
  type,
  status,
  reason,
  message,
});
const reasons = (...conditions: readonly Changed[]) =>
  routeEvents(entry({ action: 'condition', conditions })).map(({ reason }) => reason);

describe('a change of holder is one Event', () => {
  it.each<[string, Partial<AuditEntry>, object]>([
    [
      'allocated',
      { action: 'allocate', to: holder('nat-1') },
      {
        action: 'Allocate',
        reason: 'Allocated',
        note: '34.1.2.3, 34.1.2.4 went to Pod nat-1 on node node-a',
      },
    ],
    [
      'moved, with its cause',
      { from: holder('nat-1'), to: holder('nat-2', { node: 'node-b' }), cause },
      {
        action: 'Move',
        reason: 'Moved',
        note: '34.1.2.3, 34.1.2.4 went from Pod nat-1 on node node-a to Pod nat-2 on node node-b (cause: io.k8s.core.v1.pods.status.patch)',
        pod: { name: 'nat-2', uid: 'uid-nat-2' },
      },
    ],
    [
      'released',
      { action: 'release', from: holder('nat-1') },
      {
        action: 'Release',
        reason: 'Released',
        note: 'Nobody holds 34.1.2.3, 34.1.2.4: until now it was Pod nat-1 on node node-a',
        pod: { name: 'nat-1', uid: 'uid-nat-1' },
      },
    ],
    [
      'recreated under its name',
      { from: holder('nat-0'), to: holder('nat-0', { uid: 'another' }) },
      { note: '34.1.2.3, 34.1.2.4 stayed with Pod nat-0 on node node-a, which was made anew' },
    ],
    [
      'with another IP',
      { from: holder('nat-0'), to: holder('nat-0', { podIP: '10.0.0.9' }) },
      { note: '34.1.2.3, 34.1.2.4 stayed with Pod nat-0 on node node-a, which has the new IP 10.0.0.9' },
    ],
  ])('%s', (_, more, said) => {
    const events = routeEvents(entry(more));
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'Normal', at: '2026-11-24T14:05:00.250Z', ...said });
  });
});

describe('a condition is an Event when it turns into a refusal or failure', () => {
  it.each([
    condition('Accepted', 'False', 'InvalidAddresses'),
    condition('GCPReady', 'False', 'GCPFailed'),
    condition('GCPReady', 'False', 'NoPodsFound'),
    condition('GCPReady', 'False', 'Mutated'),
    condition('SecondController', 'True', 'StatusRewritten'),
  ])('%j', (changed) => {
    expect(routeEvents(entry({ action: 'condition', conditions: [changed] }))).toMatchObject([
      { reason: changed.reason, type: 'Warning', note: 'what to do' },
    ]);
  });

  it('and the route that was not accepted is refused, once, though three conditions say why', () => {
    const why = 'write 34.1.2.3/32';
    const conditions = [
      condition('Accepted', 'False', 'InvalidAddresses', why),
      condition('GCPReady', 'False', 'GCPNotReady'),
      condition('DPV2Ready', 'False', 'DPV2NotReady'),
      condition('Ready', 'False', 'InvalidAddresses', why),
    ];
    expect(routeEvents(entry({ action: 'refuse', conditions }))).toMatchObject([
      { action: 'Refuse', reason: 'InvalidAddresses', note: why },
    ]);
  });

  it('not while something goes on, is being deleted, or is healed', () => {
    expect(
      reasons(
        condition('Accepted', 'True', 'Accepted'),
        condition('Accepted', 'False', 'Mutated'),
        condition('GCPReady', 'True', 'GCPReady'),
        condition('GCPReady', 'False', 'GCPNotReady'),
        condition('GCPReady', 'False', 'CleanupComplete'),
        condition('DPV2Ready', 'False', 'Mutated'),
        condition('Ready', 'False', 'Mutated'),
        condition('Ready', 'True', 'ProgrammingComplete'),
      ),
    ).toEqual([]);
  });

  it('where the node agent wrote it, by the Ready that repeats it', () => {
    const said = condition('Ready', 'False', 'DPV2NotReady', 'no such interface');
    expect(reasons(said)).toEqual(['DPV2NotReady']);
    expect(reasons(condition('DPV2Ready', 'False', 'DPV2NotReady'), said)).toEqual([]);
  });

  it('where the node agent is silent, by the Ready that says so, and once', () => {
    const conditions = [
      condition('GCPReady', 'True', 'GCPReady'),
      condition('DPV2Ready', 'False', 'Mutated', 'waiting'),
      condition('Ready', 'False', 'Mutated', 'check that the Pod has an IP'),
    ];
    expect(routeEvents(entry({ action: 'condition', conditions, outcome: agentSilent }))).toMatchObject([
      { action: 'Report', reason: 'Mutated', type: 'Warning', note: 'check that the Pod has an IP' },
    ]);
  });

  it('not for a route that is left to another controller, on which nothing is written', () => {
    expect(routeEvents(entry({ action: 'refuse', outcome: 'left' }))).toEqual([]);
  });
});

describe('its name', () => {
  const nameOf = (more: Partial<AuditEntry>) => routeEvents(entry({ to: holder('nat-1'), ...more }))[0]!.name;

  it('is the same for the same entry, and for the same thing at another time', () => {
    const name = nameOf({});
    expect(name).toMatch(/^nat\.[0-9a-f]{16}$/);
    expect(nameOf({})).toBe(name);
    expect(nameOf({ timestamp: '2026-11-24T15:05:00.000Z', insertId: 'y' })).toBe(name);
  });

  it('is another one for another route of the name, Pod of the name, cause or address', () => {
    const names = [
      nameOf({}),
      nameOf({ route: { namespace: 'edge', name: 'nat', uid: 'recreated' } }),
      nameOf({ to: holder('nat-1', { uid: 'recreated' }) }),
      nameOf({ cause }),
      nameOf({ addresses: ['34.1.2.3'] }),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it('is a name that an object can have, however the route is called', () => {
    const name = nameOf({
      route: { namespace: 'edge', name: `${'a'.repeat(235)}-.${'b'.repeat(10)}`, uid: 'u' },
    });
    expect(name.length).toBeLessThanOrEqual(253);
    expect(name).toMatch(/^a{235}\.[0-9a-f]{16}$/);
  });
});

it('a note is cut to 1,024 bytes, and no character of it is halved', () => {
  const conditions = [condition('GCPReady', 'False', 'GCPFailed', `x${'ä'.repeat(1_000)}\ud83d`)];
  const [{ note } = { note: '' }] = routeEvents(entry({ action: 'condition', conditions }));
  expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1_024);
  expect(note).toMatch(/^xä{510}…$/);
  const [short] = routeEvents(
    entry({ action: 'condition', conditions: [condition('GCPReady', 'False', 'GCPFailed', 'half \ud83d')] }),
  );
  expect(short!.note).toBe('half \ufffd');
});
