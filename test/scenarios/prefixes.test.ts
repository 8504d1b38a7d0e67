import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gateway, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

/** How wide a prefix a route may have: as wide as GKE takes it, unless the cluster's administrator limits it. */

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve('34.1.2.3', '34.1.2.200');
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3']),
    gateway('other', 'edge', ['34.1.2.200']),
    pod('nat-1', 'edge'),
  );
});
afterEach(() => stage.close());

const inside = route('inside', 'edge', ['34.1.2.200'], { parentRefs: [{ name: 'other' }] });

describe('a wide prefix', () => {
  it('is taken, has the pool’s addresses in it, and keeps new routes inside it waiting until it goes', async () => {
    await stage.apply(route('wide', 'edge', ['34.1.2.0/24']));
    await stage.ready('edge', 'wide', 'nat-1');
    await stage.apply(inside);
    const { conditions } = await stage.reason('edge', 'inside', 'Accepted', 'InvalidAddresses');
    expect(conditions[0]?.message).toContain('belongs to GKEIPRoute edge/wide');
    await stage.delete(paths.route('edge', 'wide'));
    await stage.ready('edge', 'inside', 'nat-1');
  });

  it('does not take an address from a route that is served', async () => {
    await stage.apply(inside);
    await stage.ready('edge', 'inside', 'nat-1');
    await stage.apply(route('wide', 'edge', ['34.1.2.0/24']));
    await stage.reason('edge', 'wide', 'Accepted', 'InvalidAddresses');
    await stage.rest();
    expect((await stage.ready('edge', 'inside', 'nat-1')).pod).toBe('nat-1');
  });

  it('is refused at once where the administrator has applied the component narrow-prefixes', async () => {
    const file = new URL('../../infra/kubernetes/components/narrow-prefixes/policy.yaml', import.meta.url);
    await stage.cloud.kubernetes.apply(readFileSync(file, 'utf8'));
    const path = '/apis/networking.gke.io/v1/namespaces/edge/gkeiproutes';
    const create = (prefix: string) => stage.admin.kubernetes('POST', path, route('wide', 'edge', [prefix]));
    // A policy counts some moments after it was made.
    await stage.refused(() => create('34.1.2.0/27'), /34\.1\.2\.0\/27 is wider than \/28/);
    await stage.refused(() => create('0.0.0.0/0'), /0\.0\.0\.0\/0 is wider than \/28/);
    await create('34.1.2.0/28');
    await stage.ready('edge', 'wide', 'nat-1');
  });
});
