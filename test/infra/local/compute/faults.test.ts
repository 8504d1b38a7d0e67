import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../../infra/local/clock.ts';
import { startCompute } from '../../../../infra/local/compute/index.ts';
import { paths, project, refusal, region, startCloud, zoneA } from './cloud.ts';

describe('a planned fault', () => {
  test('refuses the next request that matches, with its reason, and nothing is done', async () => {
    const cloud = await startCloud();
    const effect = { refuse: { status: 403, reason: 'rateLimitExceeded' } };
    const planned = cloud.inject({ method: 'POST', path: 'addresses', effect, times: 2 });
    expect((await cloud.send('GET', paths.addresses)).status).toBe(200);
    for (let i = 0; i < 2; i += 1) {
      const answer = await cloud.send('POST', paths.addresses, { name: 'a' });
      expect(refusal(answer)).toBe('403 403 rateLimitExceeded global');
    }
    expect((await cloud.done('POST', paths.addresses, { name: 'a' })).error).toBeUndefined();
    expect(planned.hits).toBe(2);
  });

  test('breaks the connection before or after the work', async () => {
    const cloud = await startCloud();
    cloud.inject({ path: 'addresses', effect: { hangUp: 'before' } });
    await expect(cloud.send('POST', paths.addresses, { name: 'a' })).rejects.toThrow();
    cloud.inject({ path: 'addresses', effect: { hangUp: 'after' } });
    await expect(cloud.send('POST', paths.addresses, { name: 'b' })).rejects.toThrow();
    const { items } = await cloud.get(paths.addresses);
    expect(items.map(({ name }: { name: string }) => name)).toEqual(['b']);
  });

  test('can be taken back', async () => {
    const cloud = await startCloud();
    const planned = cloud.inject({
      path: 'zones',
      effect: { refuse: { status: 503, reason: 'backendError' } },
    });
    planned.cancel();
    expect((await cloud.send('GET', 'zones')).status).toBe(200);
  });
});

describe('the server', () => {
  test('says which port is busy', async () => {
    const cloud = await startCloud();
    const { port } = cloud;
    const second = startCompute({ project, region, zones: [zoneA], clock: systemClock, port });
    await expect(second).rejects.toThrow(`port ${port} is busy`);
  });

  test('is gone after close, with every connection', async () => {
    const compute = await startCompute({ project, region, zones: [zoneA], clock: systemClock });
    const socket = connect(compute.port, '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await compute.close();
    await closed;
    await expect(fetch(compute.url)).rejects.toThrow();
  });

  test('lets every request wait for its latency', async () => {
    const delays: number[] = [];
    const clock = {
      ...systemClock,
      after(ms: number, task: () => void) {
        delays.push(ms);
        task();
        return () => {};
      },
    };
    const cloud = await startCloud({ clock, latencyMs: 25 });
    await cloud.get('zones');
    expect(delays).toEqual([25]);
  });
});
