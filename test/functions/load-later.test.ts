import { expect, it } from 'vitest';
import { loadLater } from '../../functions/load-later.ts';

interface Port {
  greet(name: string): Promise<string>;
  count(): Promise<number>;
}

const port = (onLoad: () => void) =>
  loadLater<Port>(() => {
    onLoad();
    return Promise.resolve({
      greet: (name) => Promise.resolve(`hello ${name}`),
      count: () => Promise.resolve(2),
    });
  });

it('an adapter is loaded at its first call, once for all who call at the same time', async () => {
  let loads = 0;
  const lazy = port(() => {
    loads += 1;
  });
  expect(loads).toBe(0);
  expect(await Promise.all([lazy.greet('a'), lazy.count(), lazy.greet('b')])).toEqual([
    'hello a',
    2,
    'hello b',
  ]);
  expect(loads).toBe(1);
});

it('a port that is handed on by a promise is not taken for one', async () => {
  const lazy = port(() => {});
  expect(await Promise.resolve(lazy)).toBe(lazy);
});

it('what keeps an adapter from being made reaches whoever calls it', async () => {
  const broken = loadLater<Port>(() => Promise.reject(new Error('no such file')));
  await expect(broken.count()).rejects.toThrow('no such file');
});
