import { beforeEach, describe, expect, it } from 'vitest';
import { KeyedStore } from '../../../../infra/local/store/keyed-store.ts';

let store: KeyedStore<{ pods: string; nodes: number }>;
beforeEach(() => {
  store = new KeyedStore();
  for (const [space, name] of [
    ['b', '2'],
    ['a', '9'],
    ['a', '10'],
    ['a-b', '1'],
  ] as const)
    store.of('pods').put(space, name, `${space}/${name}`);
});

describe('a keyed store', () => {
  it('keeps the collections apart', () => {
    store.of('nodes').put('a', '9', 1);
    expect(store.of('pods').get('a', '9')).toBe('a/9');
    expect(store.of('nodes').get('a', '9')).toBe(1);
  });

  it('orders values as etcd orders their keys: a-b/ before a/', () => {
    expect([...store.of('pods').ordered()]).toEqual(['a-b/1', 'a/10', 'a/9', 'b/2']);
    expect([...store.of('pods').ordered('a')]).toEqual(['a/10', 'a/9']);
  });

  it('goes on behind a key, whether or not that is still there', () => {
    store.of('pods').delete('a', '10');
    expect([...store.of('pods').ordered(undefined, 'a/10')]).toEqual(['a/9', 'b/2']);
  });

  it('gives the values as they came where no order is asked for', () => {
    expect([...store.of('pods').values('a')]).toEqual(['a/9', 'a/10']);
  });

  it('finds what came after it was ordered, and not what went', () => {
    const pods = store.of('pods');
    expect([...pods.ordered('a')]).toEqual(['a/10', 'a/9']);
    pods.put('a', '8', 'a/8');
    expect(pods.delete('a', '9')).toBe(true);
    expect([...pods.ordered()]).toEqual(['a-b/1', 'a/10', 'a/8', 'b/2']);
  });

  it('counts a space and all; a space without values is none', () => {
    const pods = store.of('pods');
    pods.put('a', '9', 'again');
    expect([pods.count(), pods.count('a'), pods.count('c')]).toEqual([4, 2, 0]);
    expect(pods.delete('b', '2')).toBe(true);
    expect(pods.delete('b', '2')).toBe(false);
    expect(pods.spaces).toEqual(['a-b', 'a']);
  });
});
