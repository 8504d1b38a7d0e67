import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve('34.1.2.3');
});
afterEach(() => stage.close());

const uidOfHolder = () => (stage.history('nat').at(-1)?.to as { uid: string } | undefined)?.uid;

describe('a StatefulSet’s Pod', () => {
  beforeEach(async () => {
    await stage.apply(
      namespace('edge'),
      gateway('pool', 'edge', ['34.1.2.3']),
      route('nat', 'edge', ['34.1.2.3']),
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'core', namespace: 'edge' },
        spec: {
          serviceName: 'core',
          replicas: 1,
          selector: { matchLabels: { app: 'nat' } },
          template: {
            metadata: { labels: { app: 'nat' } },
            spec: { containers: [{ name: 'c', image: 'c' }] },
          },
        },
      },
    );
    await stage.ready('edge', 'nat', 'core-0');
    await stage.rest();
  });

  it('recreated under its name is another holder, and the audit log tells them apart', async () => {
    const first = uidOfHolder();
    await stage.delete(paths.pod('edge', 'core-0'));
    await stage.until(
      'edge',
      'nat',
      'Ready on the new core-0',
      ({ ready }) => ready && uidOfHolder() !== first,
    );
    await stage.rest();
    expect(stage.history('nat').filter(({ action }) => action === 'release').length).toBeLessThanOrEqual(1);
    expect((await stage.route('edge', 'nat'))?.pod).toBe('core-0');
  });
});

describe('reaction modes', () => {
  const notReady = { 'local.persistent-ip.dev/ready': 'false' };

  it('Exists gives the addresses to a Pod that is scheduled and not Ready', async () => {
    await stage.apply(
      namespace('edge'),
      gateway('pool', 'edge', ['34.1.2.3']),
      route('nat', 'edge', ['34.1.2.3'], { reactionMode: 'Exists' }),
      pod('nat-1', 'edge', { annotations: notReady }),
    );
    expect((await stage.ready('edge', 'nat', 'nat-1')).ready).toBe(true);
  });

  it('ReadyCondition waits', async () => {
    await stage.apply(
      namespace('edge'),
      gateway('pool', 'edge', ['34.1.2.3']),
      route('nat', 'edge', ['34.1.2.3']),
      pod('nat-1', 'edge', { annotations: notReady }),
    );
    await stage.reason('edge', 'nat', 'Ready', 'NoPodsFound');
    await stage.rest();
    expect((await stage.route('edge', 'nat'))?.pod).toBeUndefined();
  });
});

describe('listeners', () => {
  it('Selector follows the labels of the Namespace', async () => {
    await stage.apply(
      namespace('infra'),
      namespace('tenant'),
      gateway('pool', 'infra', ['34.1.2.3'], {
        from: 'Selector',
        selector: { matchLabels: { addresses: 'yes' } },
      }),
      route('nat', 'tenant', ['34.1.2.3'], { parentRefs: [{ name: 'pool', namespace: 'infra' }] }),
      pod('nat-1', 'tenant'),
    );
    await stage.reason('tenant', 'nat', 'Accepted', 'Unattachable');
    await stage.patch(paths.namespace('tenant'), { metadata: { labels: { addresses: 'yes' } } });
    await stage.ready('tenant', 'nat', 'nat-1');
    await stage.patch(paths.namespace('tenant'), { metadata: { labels: { addresses: null } } });
    await stage.reason('tenant', 'nat', 'Accepted', 'Unattachable');
    await stage.rest();
    expect(await stage.count('/regions/us-central1/forwardingRules')).toBe(0);
  });

  it('All admits every namespace, Same only the Gateway’s own', async () => {
    stage.reserve('34.1.2.4');
    await stage.apply(
      namespace('infra'),
      namespace('tenant'),
      gateway('open', 'infra', ['34.1.2.3'], { from: 'All' }),
      gateway('own', 'infra', ['34.1.2.4']),
      route('nat', 'tenant', ['34.1.2.3'], { parentRefs: [{ name: 'open', namespace: 'infra' }] }),
      route('no', 'tenant', ['34.1.2.4'], { parentRefs: [{ name: 'own', namespace: 'infra' }] }),
      pod('nat-1', 'tenant'),
    );
    await stage.ready('tenant', 'nat', 'nat-1');
    await stage.reason('tenant', 'no', 'Accepted', 'Unattachable');
  });
});

describe('what no event tells', () => {
  beforeEach(async () => {
    await stage.apply(
      namespace('edge'),
      gateway('pool', 'edge', ['34.1.2.3']),
      route('nat', 'edge', ['34.1.2.3']),
      pod('nat-1', 'edge'),
    );
    await stage.ready('edge', 'nat', 'nat-1');
    await stage.rest();
  });

  it('a sweep moves the addresses although every event of the move was lost', async () => {
    stage.cloud.loseEvents(true);
    await stage.apply(pod('nat-2', 'edge'));
    await stage.podReady('edge', 'nat-2');
    expect((await stage.route('edge', 'nat'))?.pod).toBe('nat-1');
    stage.cloud.loseEvents(false);
    stage.cloud.sweep();
    await stage.ready('edge', 'nat', 'nat-2');
  });

  it('a forwarding rule that somebody deletes is made again, by Compute’s own event', async () => {
    const { items } = (await stage.admin.compute('GET', '/regions/us-central1/forwardingRules')) as {
      items: readonly { name: string }[];
    };
    await stage.admin.compute('DELETE', `/regions/us-central1/forwardingRules/${items[0]?.name}`);
    await stage.until('edge', 'nat', 'not Ready', ({ ready }) => !ready);
    await stage.ready('edge', 'nat', 'nat-1');
    expect(await stage.count('/regions/us-central1/forwardingRules')).toBe(1);
  });
});
