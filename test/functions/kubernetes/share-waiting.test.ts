import { expect, it } from 'vitest';
import { shareWaiting } from '../../../functions/kubernetes/share-waiting.ts';

/** A read that each test answers itself, in the order of the requests. */
const bench = () => {
  const requests: { key: string; answer: (value: string) => void; fail: (error: Error) => void }[] = [];
  const get = shareWaiting(
    (key) => new Promise<string>((answer, fail) => void requests.push({ key, answer, fail })),
  );
  return { requests, get };
};
/** Lets every promise that can go on go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('a burst costs two reads: the one under way, and one for all who came after it was sent', async () => {
  const { requests, get } = bench();
  const first = get('edge');
  const later = [get('edge'), get('edge'), get('edge')];
  expect(requests).toHaveLength(1);
  requests[0]!.answer('old');
  expect(await first).toBe('old');
  await settle();
  expect(requests).toHaveLength(2);
  requests[1]!.answer('new');
  expect(await Promise.all(later)).toEqual(['new', 'new', 'new']);
});

it('nobody gets the answer of a request that was sent before the call', async () => {
  const { requests, get } = bench();
  void get('edge');
  const second = get('edge');
  requests[0]!.answer('old');
  await settle();
  const third = get('edge');
  requests[1]!.answer('new');
  expect(await second).toBe('new');
  await settle();
  requests[2]!.answer('newest');
  expect(await third).toBe('newest');
});

it('a read that fails fails for those who asked for it, and the next is sent all the same', async () => {
  const { requests, get } = bench();
  const first = get('edge');
  const second = get('edge');
  requests[0]!.fail(new Error('unreachable'));
  await expect(first).rejects.toThrow('unreachable');
  await settle();
  requests[1]!.answer('new');
  expect(await second).toBe('new');
});

it('keys do not wait for each other', () => {
  const { requests, get } = bench();
  void get('edge');
  void get('core');
  expect(requests.map(({ key }) => key)).toEqual(['edge', 'core']);
});
