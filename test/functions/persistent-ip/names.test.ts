import { describe, expect, it } from 'vitest';
import { mostMovesPerMinute } from '../../../functions/persistent-ip/flap-protection.ts';
import { negName, nodeMark, ruleName, stemOf } from '../../../functions/persistent-ip/names.ts';
import {
  describe as describeOwner,
  describeReservation,
  descriptionLimit,
  isOurs,
  isOwnedBy,
  isReservedFor,
  recordOf,
} from '../../../functions/persistent-ip/ownership.ts';
import { mostMarks } from '../../../functions/persistent-ip/plan-idle.ts';
import { newRecord } from '../../../functions/persistent-ip/plan-service.ts';
import { cause, clusterKey, start } from '../fixtures.ts';

const identity = { cluster: clusterKey, namespace: 'edge', name: 'nat', uid: 'uid-1' };
const owner = { deployment: 'test', clusterUid: 'cluster-uid', route: identity };
const computeName = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

describe('names', () => {
  it('come from the identity: redelivery builds the same one', () => {
    expect(stemOf(identity)).toBe(stemOf({ ...identity }));
    expect(stemOf(identity)).toMatch(/^pip-edge-nat-[0-9a-f]{12}$/);
  });

  it.each([
    ['uid', { uid: 'uid-2' }],
    ['name', { name: 'nat2' }],
    ['namespace', { namespace: 'edge2' }],
    ['cluster', { cluster: { ...clusterKey, location: 'us-central1-a' } }],
  ])('another %s is another name', (_, more) => {
    expect(stemOf({ ...identity, ...more })).not.toBe(stemOf(identity));
  });

  it('the longest ones still are names of Compute', () => {
    const stem = stemOf({ ...identity, namespace: 'n'.repeat(63), name: `${'a.'.repeat(126)}z` });
    for (const name of [
      stem,
      negName(stem, 'northamerica-northeast1-a', 's'.repeat(63)),
      ruleName(stem, '203.0.113.7'),
    ]) {
      expect(name).toMatch(computeName);
      expect(name.length).toBeLessThanOrEqual(63);
    }
  });

  it('a NEG has zone and subnetwork in its name', () => {
    const names = [negName('s', 'a', 'x'), negName('s', 'b', 'x'), negName('s', 'a', 'y')];
    expect(new Set(names).size).toBe(3);
  });
});

describe('the ownership record', () => {
  it('is read back by its owner and by nobody else', () => {
    const text = describeOwner(owner);
    expect(isOwnedBy(owner, text)).toBe(true);
    expect(isOwnedBy({ ...owner, deployment: 'other' }, text)).toBe(false);
    expect(isOwnedBy({ ...owner, clusterUid: 'rebuilt' }, text)).toBe(false);
    expect(isOwnedBy({ ...owner, route: { ...identity, uid: 'recreated' } }, text)).toBe(false);
    expect(isOurs(text)).toBe(true);
  });

  it('of a reservation is its Gateway’s, and no route’s', () => {
    const reservation = { deployment: 'test', clusterUid: 'cluster-uid', gateway: identity };
    const text = describeReservation(reservation);
    expect(isReservedFor(reservation, text)).toBe(true);
    expect(isReservedFor({ ...reservation, clusterUid: 'rebuilt' }, text)).toBe(false);
    expect(isReservedFor({ ...reservation, gateway: { ...identity, uid: 'recreated' } }, text)).toBe(false);
    expect(isReservedFor(reservation, describeOwner(owner))).toBe(false);
    expect(isOwnedBy(owner, text)).toBe(false);
  });

  it.each([undefined, '', 'mine', '{', 'null', '[]', '{"deployment":"test"}'])('%o is nobody’s', (text) => {
    expect(isOwnedBy(owner, text)).toBe(false);
  });

  it('with the longest names and sixteen addresses fits a description', () => {
    const holder = {
      pod: 'p'.repeat(253),
      uid: 'u'.repeat(36),
      node: 'n'.repeat(63),
      zone: 'northamerica-northeast1-a',
      podIP: '255.255.255.255',
    };
    const long = {
      insertId: 'i'.repeat(256),
      method: 'm'.repeat(256),
      principal: 'e'.repeat(256),
      at: cause.at,
    };
    const ips = Array.from({ length: 16 }, (_, i) => `255.255.255.2${i.toString().padStart(2, '0')}`);
    const by = { now: start, cause: long };
    const first = newRecord(by, undefined, holder, ips, '');
    const moves = Array.from({ length: mostMovesPerMinute }, (_, i) => start.getTime() - 59_999 + i);
    const second = { ...holder, uid: 'v'.repeat(36) };
    const nodes = Array.from({ length: mostMarks }, (_, i) => nodeMark('northamerica-northeast1-a', `n${i}`));
    const idle = { since: Date.parse('2096-01-01T00:00:00Z'), nodes };
    const record = {
      ...newRecord(by, { ...first, moves, changes: 999_999_999 }, second, ips, 'f'.repeat(12)),
      idle,
    };
    const cluster = { project: 'p'.repeat(30), location: 'northamerica-northeast1-a', name: 'c'.repeat(40) };
    const route = { cluster, namespace: 'n'.repeat(63), name: 'r'.repeat(253), uid: 'u'.repeat(36) };
    const text = describeOwner({ deployment: 'd'.repeat(32), clusterUid: 'u'.repeat(36), route }, record);
    expect(text.length).toBeLessThanOrEqual(descriptionLimit);
    const { cause: _, ...read } = recordOf(text)!;
    const { cause: __, ...written } = record;
    expect(read).toEqual(written);
    expect(read.moves).toHaveLength(mostMovesPerMinute);
  });

  it('of usual names holds all of the cause', () => {
    const record = newRecord({ now: start, cause }, undefined, undefined, ['34.1.2.3'], 'f');
    expect(recordOf(describeOwner(owner, record))).toEqual(record);
  });

  it('counts the changes of its holder, from where an earlier release left off counting nothing', () => {
    const at = { now: start, cause };
    const first = newRecord(at, undefined, undefined, ['34.1.2.3'], '');
    expect(first.changes).toBe(1);
    const second = newRecord(at, recordOf(describeOwner(owner, first)), undefined, ['34.1.2.3'], 'f');
    expect(second.changes).toBe(2);
    const { changes: _, ...earlier } = second;
    const old = recordOf(describeOwner(owner, earlier));
    expect(old).toEqual(earlier);
    expect(newRecord(at, old, undefined, ['34.1.2.3'], 'f').changes).toBe(1);
  });

  it.each(['2', 0, -1, 1.5, null, {}])('with %o for its number of changes is read without it', (changes) => {
    const record = newRecord({ now: start, cause }, undefined, undefined, ['34.1.2.3'], 'f');
    const written = JSON.parse(describeOwner(owner, record));
    const text = JSON.stringify({ ...written, holder: { ...written.holder, changes } });
    expect(recordOf(text)).toMatchObject({ replaced: 'f' });
    expect(recordOf(text)).not.toHaveProperty('changes');
  });

  it.each(['', 'zzz', 7, null])('with %o for its idle nodes is read without them', (idle) => {
    const record = newRecord({ now: start, cause }, undefined, undefined, ['34.1.2.3'], 'f');
    const written = JSON.parse(describeOwner(owner, record));
    const text = JSON.stringify({ ...written, holder: { ...written.holder, idle } });
    expect(recordOf(text)).toMatchObject({ replaced: 'f' });
    expect(recordOf(text)?.idle?.nodes ?? []).toEqual([]);
  });

  it.each([
    { at: 'yesterday' },
    { written: 7 },
    { replaced: null },
    { cause: { insertId: 'i' } },
    { holder: { pod: 'a' } },
    { holder: 'a' },
    { before: { pod: 'a', uid: 'u', node: 'n', zone: 'z', podIP: { isEscaped: true } } },
  ])('in which somebody has written %o is none', (odd) => {
    const record = newRecord({ now: start, cause }, undefined, undefined, ['34.1.2.3'], 'f');
    const written = JSON.parse(describeOwner(owner, record));
    expect(recordOf(JSON.stringify(written))).toBeDefined();
    expect(recordOf(JSON.stringify({ ...written, holder: { ...written.holder, ...odd } }))).toBeUndefined();
  });

  it('of an earlier release, without the times of moves, is read', () => {
    const { moves, ...record } = newRecord({ now: start, cause }, undefined, undefined, ['34.1.2.3'], 'f');
    const text = describeOwner(owner, { ...record, moves });
    expect(text).not.toContain('moves');
    expect(recordOf(text)?.moves).toEqual([]);
    expect(recordOf(text)?.idle).toBeUndefined();
  });
});
