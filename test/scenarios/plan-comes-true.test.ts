import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Plan } from '../../functions/plan.ts';
import { applySample, sampleText } from '../../infra/local/samples.ts';
import { until } from '../../infra/local/until.ts';
import { gateway, namespace, route } from './objects.ts';
import { Stage } from './stage.ts';

/** What a plan says is held against what the cluster comes to when the same manifest is applied. */
let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const ask = async (manifest: string): Promise<Plan> => {
  const url = stage.cloud.deployment.urls.inventory;
  const token = await stage.cloud.sign({ audience: url, email: 'someone@example.com' });
  const response = await fetch(`${url}/v1/plan`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/yaml' },
    body: manifest,
  });
  const answer = (await response.json()) as Plan & { error?: unknown };
  expect({ status: response.status, error: answer.error }).toEqual({ status: 200, error: undefined });
  return answer;
};

interface Said {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}
const saidOf = (conditions: readonly Said[]): readonly Said[] =>
  conditions.map(({ type, status, reason, message }) => ({ type, status, reason, message }));
const acceptedOf = (conditions: readonly Said[]): Said | undefined =>
  saidOf(conditions).find(({ type }) => type === 'Accepted');

const verbs = { POST: 'insert', PATCH: 'patch', PUT: 'update', DELETE: 'delete' } as const;

/** The changes that the functions made, as a plan writes them; of a uid that is new only that it is one. */
const changesSince = (from: number): readonly string[] =>
  stage.cloud.compute.calls
    .slice(from)
    .filter(({ mutation, principal }) => mutation && principal === stage.cloud.serviceAccount)
    .map(({ method, path, body }) => {
      const [, , , , scope, ...rest] = path.split('/').slice(1);
      const [zone, collection = '', name, verb] = scope === 'global' ? ['', ...rest] : rest;
      const what = collection === 'backendServices' ? 'regionBackendServices' : collection;
      const on = name ?? (body as { name: string }).name;
      const place = scope === 'zones' ? `${zone}/${on}` : on;
      return `${what}.${verb ?? verbs[method as keyof typeof verbs]} ${place.replace(/-[0-9a-f]{12}(?=-|$)/, '-<uid>')}`;
    });

/** Every planned call was made, and none of a stage before those of the stage before it were. */
const expectMade = ({ calls }: Plan['routes'][number], made: readonly string[]): void => {
  const places = calls.map((stageOfCalls) =>
    stageOfCalls.map(({ call, on }) =>
      made.indexOf(`${call} ${on.replace(/-[0-9a-f]{12}(?=-|$)/, '-<uid>')}`),
    ),
  );
  expect(places.flat()).not.toContain(-1);
  const order = places.map((stageOfPlaces) => [Math.min(...stageOfPlaces), Math.max(...stageOfPlaces)]);
  expect(order.flat()).toEqual(order.flat().toSorted((a, b) => a - b));
};

/** Of the samples one of each sort; what else is in them (Namespaces, workloads) is there before. */
const samples = ['nat-pod', 'internal-pool', 'statefulset'];

const isOurs = (document: string): boolean => /^kind: (Gateway|GKEIPRoute)$/m.test(document);

const prepare = async (name: string): Promise<void> => {
  const { compute, kubernetes } = stage.cloud;
  const others = {
    compute,
    kubernetes: {
      ...kubernetes,
      apply: (text: string) =>
        kubernetes.apply(
          text
            .split('\n---\n')
            .filter((document) => !isOurs(document))
            .join('\n---\n'),
        ),
    },
  };
  await applySample(others, name);
};

/** Every Pod of every workload is Ready. */
const workloadsReady = () =>
  until(stage.cloud, 'the workloads are ready', async () => {
    const lists = await Promise.all(
      ['deployments', 'statefulsets'].map((plural) =>
        stage.admin.kubernetes('GET', `/apis/apps/v1/${plural}`),
      ),
    );
    const items = lists.flatMap(
      ({ items: all }) =>
        all as readonly { spec: { replicas: number }; status?: { readyReplicas?: number } }[],
    );
    return items.every(({ spec, status }) => status?.readyReplicas === spec.replicas) ? true : undefined;
  });

it('for samples: the Pod, what Accepted says, and the calls in their order', async () => {
  for (const name of samples) await prepare(name);
  await workloadsReady();
  await stage.rest();
  const manifest = samples.map(sampleText).join('\n---\n');
  const plan = await ask(manifest);
  expect({ served: plan.served, rejected: plan.rejected }).toEqual({ served: true, rejected: [] });
  expect(plan.routes.length).toBeGreaterThanOrEqual(samples.length);
  const from = stage.cloud.compute.calls.length;
  await stage.cloud.kubernetes.apply(manifest);
  for (const planned of plan.routes) {
    const real = await stage.ready(planned.namespace, planned.name);
    expect({ route: planned.name, pod: real.pod, said: acceptedOf(real.conditions) }).toEqual({
      route: planned.name,
      pod: planned.wouldHold?.pod,
      said: acceptedOf(planned.conditions),
    });
  }
  await stage.rest();
  const made = changesSince(from);
  for (const planned of plan.routes) {
    expect(planned.calls.length).toBeGreaterThan(2);
    expectMade(planned, made);
  }
});

it('for what is refused, waits, or is edited: every condition, as it stands at rest', async () => {
  await stage.serve({ ips: ['34.1.2.3', '34.1.2.4', '34.1.2.5'] });
  await stage.apply(namespace('other'));
  const none = { podSelector: { matchLabels: { app: 'none' } } };
  const manifests = [
    route('taken', 'edge', ['34.1.2.3']),
    route('lost', 'edge', ['34.9.9.9']),
    route('far', 'other', ['34.1.2.4'], { parentRefs: [{ name: 'pool', namespace: 'edge' }] }),
    route('nobody', 'edge', ['34.1.2.4'], none),
    route('bare', 'edge', ['34.1.2.4'], { addresses: [{ value: '34.1.2.4' }] }),
    route('homeless', 'edge', ['34.1.2.4'], { parentRefs: [{ name: 'absent' }] }),
    gateway('wrong', 'edge', ['34.9.9.8']),
    gateway('odd', 'edge', [], {}, { addresses: [{ type: 'example.com/what', value: 'x' }] }),
  ];
  const text = manifests.map((one) => JSON.stringify(one)).join('\n---\n');
  const plan = await ask(text);
  const from = stage.cloud.compute.calls.length;
  await stage.cloud.kubernetes.apply(text);
  await stage.reason('edge', 'nobody', 'Ready', 'NoPodsFound');
  await stage.rest();
  for (const planned of plan.routes) {
    const real = await stage.route(planned.namespace, planned.name);
    expect({ route: planned.name, said: saidOf(real?.conditions ?? []) }).toEqual({
      route: planned.name,
      said: saidOf(planned.conditions),
    });
    expect(real?.pod).toBe(planned.wouldHold?.pod);
  }
  expect(plan.routes.map(({ outcome }) => outcome)).toEqual([
    ...['waits', 'refused', 'refused', 'waits', 'refused', 'refused'],
  ]);
  for (const planned of plan.gateways) {
    const real = await stage.gateway(planned.namespace, planned.name);
    expect(saidOf((real?.status?.conditions ?? []) as unknown as Said[])).toEqual(saidOf(planned.conditions));
  }
  expect(changesSince(from)).toEqual([]);

  const edited = JSON.stringify(route('nat', 'edge', ['34.1.2.5']));
  const edit = await ask(edited);
  await stage.cloud.kubernetes.apply(edited);
  await stage.ready('edge', 'nat', edit.routes[0]?.wouldHold?.pod ?? 'nobody at all');
  await stage.rest();
  const [planned] = edit.routes;
  expect(planned?.calls.length).toBe(2);
  if (planned) expectMade(planned, changesSince(from));
  // And the line about who gets what is let go of.
  expect(edit.others.routes).toMatchObject([
    { name: 'taken', next: expect.stringContaining('may get it') as string },
  ]);
  expect((await stage.ready('edge', 'taken')).pod).toBe('nat-1');
});
