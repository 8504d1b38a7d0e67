import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { deployment, route, routes } from './api.ts';
import { anEmptyApi, api, entries, web } from './applying.ts';
import { Kubectl, missing } from './kubectl.ts';

anEmptyApi();

describe.skipIf(missing !== undefined)('kubectl apply --server-side', () => {
  let kubectl: Kubectl;
  beforeEach(async () => {
    kubectl = await Kubectl.start(api);
  });
  afterEach(() => kubectl.end());

  const file = (object: object): string => kubectl.file('object.yaml', object);
  const scaled = (replicas: number): JsonObject => ({
    ...deployment('web'),
    spec: { ...(deployment('web').spec as object), replicas },
  });

  it('creates, changes and leaves alone', async () => {
    const say = (object: object): Promise<string> => kubectl.say('apply --server-side -f', file(object));
    expect(await say(route('nat'))).toBe('gkeiproute.networking.gke.io/nat serverside-applied');
    await say(route('nat', { network: 'blue' }));
    const { body } = await api.get(`${routes}/nat`);
    expect(body.spec).toMatchObject({ network: 'blue' });
    await say(route('nat', { network: 'blue' }));
    expect((await api.get(`${routes}/nat`)).body).toEqual(body);
  });

  it('says whose fields it would change, and takes them with --force-conflicts', async () => {
    await kubectl.say('apply --server-side --field-manager=one -f', file(scaled(1)));
    const { code, err } = await kubectl.run('apply --server-side -f', [file(scaled(3))]);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('Apply failed with 1 conflict: conflict with "one": .spec.replicas'),
    ]);
    await kubectl.say('apply --server-side --force-conflicts -f', file(scaled(3)));
    expect((await api.get(web)).body.spec).toMatchObject({ replicas: 3 });
  });

  it('takes over what client-side apply wrote, and its entry with it', async () => {
    await kubectl.say('apply -f', file(scaled(1)));
    await kubectl.say('apply --server-side -f', file(scaled(3)));
    const { body } = await api.get(web);
    // kubectl itself keeps the annotation under a manager of its own.
    expect(
      entries(body).map(({ manager, operation }) => `${manager as string} ${operation as string}`),
    ).toEqual(expect.arrayContaining(['kubectl Apply', 'kubectl-last-applied Apply']));
    expect(entries(body).length).toBe(2);
    expect(JSON.stringify(body.metadata.annotations)).toContain('\\"replicas\\":3');
  });

  it('with --dry-run=server stores nothing', async () => {
    await kubectl.say('apply --server-side --dry-run=server -f', file(scaled(1)));
    expect((await api.get(web)).code).toBe(404);
  });
});
