import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../infra/local/clock.ts';
import { type Api, ApiError, type WatchEvent } from '../../../../infra/local/nodes/api.ts';
import type { KubeObject } from '../../../../infra/local/nodes/objects.ts';
import { reflect } from '../../../../infra/local/nodes/reflector.ts';
import { pods } from '../../../../infra/local/nodes/resources.ts';

const object = (name: string, version: number, uid = name): KubeObject => ({
  metadata: { name, uid, resourceVersion: String(version), creationTimestamp: '' },
});

/** An API whose lists and watches are played from a script; each watch says what it was asked to begin at. */
const scripted = (lists: KubeObject[][], watches: (WatchEvent<KubeObject> | Error)[][]) => {
  const begins: string[] = [];
  let version = 0;
  const api = {
    list() {
      version += 100;
      return Promise.resolve({ items: lists.shift() ?? [], resourceVersion: String(version) });
    },
    async *watch(_: unknown, __: string, from: string) {
      begins.push(from);
      const events = watches.shift();
      if (events === undefined) return await new Promise<never>(() => {});
      for (const event of events) {
        if (event instanceof Error) throw event;
        yield await Promise.resolve(event);
      }
    },
  } as unknown as Api;
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const view = reflect<KubeObject>({ api, resource: pods, clock: systemClock, signal: ending.signal });
  const heard: string[] = [];
  const until = (count: number): Promise<string[]> =>
    new Promise((resolve) => {
      view.subscribe(({ metadata }, gone) => {
        heard.push(`${gone ? '-' : '+'}${metadata.name}@${metadata.resourceVersion}`);
        if (heard.length === count) resolve(heard);
      });
    });
  return { view, begins, until };
};

test('a stream that ends is taken up where it ended', async () => {
  const { begins, until } = scripted(
    [[]],
    [[{ type: 'ADDED', object: object('a', 101) }], [{ type: 'ADDED', object: object('b', 102) }]],
  );
  expect(await until(2)).toEqual(['+a@101', '+b@102']);
  expect(begins.slice(0, 2)).toEqual(['100', '101']);
});

test('410 Gone lists anew, and tells what was deleted meanwhile', async () => {
  const gone: WatchEvent<KubeObject> = { type: 'ERROR', object: { code: 410, message: 'too old' } };
  const { begins, until } = scripted([[object('a', 1), object('b', 2)], [object('b', 150)]], [[gone]]);
  expect(await until(4)).toEqual(['+a@1', '+b@2', '-a@1', '+b@150']);
  expect(begins[0]).toBe('100');
});

test('a lost connection is waited out, without a new list', async () => {
  const { begins, until } = scripted(
    [[]],
    [[new TypeError('fetch failed')], [{ type: 'ADDED', object: object('a', 101) }]],
  );
  expect(await until(1)).toEqual(['+a@101']);
  expect(begins.slice(0, 2)).toEqual(['100', '100']);
});

test('any other refusal of the watch lists anew', async () => {
  const { until } = scripted([[object('a', 1)], [object('a', 150)]], [[new ApiError(403, 'Forbidden', '')]]);
  expect(await until(2)).toEqual(['+a@1', '+a@150']);
});

test('an older state never replaces a newer one, and the dead stay dead', async () => {
  const { view, until } = scripted([[object('a', 50)]], [[{ type: 'DELETED', object: object('b', 101) }]]);
  const heard = until(3);
  await view.synced;
  view.accept(object('a', 40));
  view.accept(object('a', 60));
  expect(await heard).toEqual(['+a@50', '+a@60', '-b@101']);
  view.accept(object('b', 99));
  expect(view.get('b')).toBeUndefined();
});
