import { describe, expect, it } from 'vitest';
import { deployment, deployments, route, routes } from './api.ts';
import { missing } from './kubectl.ts';
import { aCluster, api, kubectl } from './kubectl-cluster.ts';

aCluster();

describe.skipIf(missing !== undefined)('kubectl apply', () => {
  it('creates, then writes only what its file changes, and keeps what others wrote', async () => {
    const file = (network: string): string => kubectl.file('route.yaml', route('nat', { network }));
    expect(await kubectl.say('apply -f', file('default'))).toBe('gkeiproute.networking.gke.io/nat created');
    await api.merge(`${routes}/nat`, { metadata: { finalizers: ['example.com/hold'] } });
    expect(await kubectl.say('apply -f', file('blue'))).toBe('gkeiproute.networking.gke.io/nat configured');
    const { body } = await api.get(`${routes}/nat`);
    expect([body.spec, body.metadata.finalizers]).toMatchObject([{ network: 'blue' }, ['example.com/hold']]);
  });

  it('of an unchanged built-in kind writes nothing', async () => {
    const file = kubectl.file('web.yaml', deployment('web'));
    await kubectl.say('apply -f', file);
    expect(await kubectl.say('apply -f', file)).toBe('deployment.apps/web unchanged');
  });

  it('merges the containers of a Deployment by name', async () => {
    await kubectl.say('apply -f', kubectl.file('web.yaml', deployment('web')));
    await api.strategic(`${deployments}/web`, {
      spec: { template: { spec: { containers: [{ name: 'side', image: 'example/side:1' }] } } },
    });
    const scaled = { ...deployment('web'), spec: { ...(deployment('web').spec as object), replicas: 3 } };
    await kubectl.say('apply -f', kubectl.file('web.yaml', scaled));
    const names = 'get deploy web -o jsonpath={.spec.replicas}{.spec.template.spec.containers[*].name}';
    expect(await kubectl.say(names)).toMatch(/^3(app side|side app)$/);
  });

  it('by two at once loses neither: a patch names no version', async () => {
    await kubectl.say('apply -f', kubectl.file('route.yaml', route('nat')));
    const [one, two] = [route('nat', { network: 'blue' }), route('nat', { allowGlobalAccess: true })];
    const ran = await Promise.all([
      kubectl.run('apply -f', [kubectl.file('one.yaml', one)]),
      kubectl.run('apply -f', [kubectl.file('two.yaml', two)]),
    ]);
    expect(ran.map(({ code }) => code)).toEqual([0, 0]);
  });

  it('of what was read before another’s write is refused where the file names the version: Conflict', async () => {
    await api.post(routes, route('nat'));
    const before = kubectl.file('before.yaml', await kubectl.say('get gkeipr nat -o yaml'));
    await api.merge(`${routes}/nat`, { metadata: { labels: { a: 'b' } } });
    for (const verb of ['replace', 'apply']) {
      const { code, err } = await kubectl.run(`${verb} -f`, [before]);
      expect([code, err]).toEqual([1, expect.stringContaining('the object has been modified')]);
    }
  });

  it('is refused a field that no schema knows, by its name, and writes nothing', async () => {
    const { code, err } = await kubectl.run('apply -f', [
      kubectl.file('r.yaml', route('nat', { adresses: [] })),
    ]);
    expect([code, err]).toEqual([1, expect.stringContaining('unknown field "spec.adresses"')]);
    expect((await api.get(`${routes}/nat`)).code).toBe(404);
  });
});
