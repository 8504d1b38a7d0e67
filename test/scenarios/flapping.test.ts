import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

/** Flap protection: with three moves a minute, two may leave a Pod that is Ready. */

let stage: Stage;

const on = (node: number) => `gke-local-pool-${node}`;
const turn = (name: string, ready: boolean) =>
  stage.patch(paths.pod('edge', name), {
    metadata: { annotations: { 'local.persistent-ip.dev/ready': ready ? null : 'false' } },
  });
const moves = () => stage.history('nat').filter(({ action }) => action === 'move').length;
const kept = (name: string) =>
  stage.until('edge', 'nat', `kept by ${name}`, ({ conditions }) =>
    conditions.some(
      ({ type, status, message }) =>
        type === 'Ready' &&
        status === 'True' &&
        message.startsWith(`Pod ${name} `) &&
        message.includes('so often within a minute that they go to no other Pod before '),
    ),
  );

/** `nat-2` is the newer one; it turns until the addresses stay with `nat-1`. */
const flap = async (): Promise<void> => {
  await stage.ready('edge', 'nat', 'nat-2');
  await turn('nat-2', false);
  await stage.ready('edge', 'nat', 'nat-1');
  await turn('nat-2', true);
  await stage.ready('edge', 'nat', 'nat-2');
  await turn('nat-2', false);
  await kept('nat-1');
  await turn('nat-2', true);
  await stage.podReady('edge', 'nat-2');
  await stage.rest();
};

beforeEach(async () => {
  stage = await Stage.open({ movesPerMinute: 3 });
  stage.reserve('34.1.2.3');
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3']),
    pod('nat-1', 'edge', { node: on(1) }),
  );
  await stage.apply(pod('nat-2', 'edge', { node: on(2) }));
  await Promise.all([stage.podReady('edge', 'nat-1'), stage.podReady('edge', 'nat-2')]);
  await stage.apply(route('nat', 'edge', ['34.1.2.3']));
});
afterEach(() => stage.close());

describe('a Pod that turns Ready and not Ready again and again', () => {
  it('does not drag the addresses along at every turn, and the sweep gives them to it when the time has come', async () => {
    await flap();
    await kept('nat-1');
    expect(moves()).toBe(3);
    const before = stage.mutations().length;
    for (const ready of [false, true]) {
      await turn('nat-2', ready);
      await stage.rest();
    }
    expect(stage.mutations()).toHaveLength(before);
    stage.cloud.setAhead(60_000);
    stage.cloud.sweep();
    await stage.ready('edge', 'nat', 'nat-2');
    expect(moves()).toBe(4);
  });

  it('is left at once when it is deleted, and so is its node when it goes', async () => {
    await flap();
    await kept('nat-1');
    await stage.delete(paths.pod('edge', 'nat-1'));
    await stage.ready('edge', 'nat', 'nat-2');
    await stage.apply(pod('nat-3', 'edge', { node: on(3) }));
    await stage.podReady('edge', 'nat-3');
    await kept('nat-2');
    stage.cloud.nodes.stopKubelet(on(2));
    await stage.ready('edge', 'nat', 'nat-3');
  });
});

it('reaction mode Exists follows every change', async () => {
  await stage.ready('edge', 'nat', 'nat-2');
  await stage.patch(paths.route('edge', 'nat'), { spec: { reactionMode: 'Exists' } });
  for (let number = 3; number < 8; number += 1) {
    await stage.apply(pod(`nat-${number}`, 'edge', { node: on((number % 4) + 1) }));
    await stage.ready('edge', 'nat', `nat-${number}`);
  }
  expect(moves()).toBeGreaterThanOrEqual(5);
});
