import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../../infra/local/until.ts';
import { gateway, gatewayClass, namespace, paths, pod, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  stage.reserve('34.1.2.3');
  await stage.apply(namespace('edge'));
});
afterEach(() => stage.close());

interface ClassView {
  readonly metadata: { readonly generation: number; readonly resourceVersion: string };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
      readonly observedGeneration?: number;
    }[];
  };
}
const classOf = async (name: string) =>
  (await stage.admin.kubernetes('GET', paths.gatewayClass(name))) as unknown as ClassView;
const acceptedOf = async ({ status }: ClassView) =>
  status?.conditions?.find(({ type }) => type === 'Accepted');

it('a class of ours is accepted by its name or its annotation, and for its generation', async () => {
  const classes: readonly (readonly [string, string | undefined, string, RegExp])[] = [
    ['gke-persistent-regional-external-managed', undefined, 'Accepted', /external/],
    ['gke-persistent-regional-internal-managed', undefined, 'Accepted', /internal/],
    ['mine', 'internal', 'Accepted', /internal/],
    ['silent', undefined, 'InvalidParameters', /persistent-ip\.dev\/scheme/],
    [
      'gke-persistent-fast-regional-internal-managed',
      undefined,
      'Unsupported',
      /persistent-ip-regional-internal/,
    ],
    ['gke-passthrough-lb-external-managed', undefined, 'Unsupported', /persistent-ip-regional-external/],
  ];
  await stage.apply(...classes.map(([name, scheme]) => gatewayClass(name, scheme ? { scheme } : {})));
  for (const [name, , reason, message] of classes) {
    const view = await until(stage.cloud, name, async () => {
      const found = await classOf(name);
      return (await acceptedOf(found))?.reason === reason ? found : undefined;
    });
    expect(await acceptedOf(view)).toMatchObject({
      status: reason === 'Accepted' ? 'True' : 'False',
      message: expect.stringMatching(message),
      observedGeneration: view.metadata.generation,
    });
  }
});

it('a class of another controller is left alone, whatever its name', async () => {
  const name = 'gke-persistent-regional-external-managed';
  const foreign = gatewayClass(name, { controllerName: 'networking.gke.io/persistent-ip-controller' });
  await stage.apply(foreign, gateway('theirs', 'edge', ['34.1.2.3'], undefined, { gatewayClassName: name }));
  await stage.rest();
  expect((await acceptedOf(await classOf(name)))?.reason).not.toBe('Accepted');
  expect((await stage.gateway('edge', 'theirs'))?.status?.addresses ?? []).toEqual([]);
});

it('a class of a later release: its Gateways and their routes say which class to take', async () => {
  const later = 'gke-passthrough-lb-external-managed';
  await stage.apply(
    gatewayClass(later),
    gateway('pool', 'edge', ['34.1.2.3'], undefined, { gatewayClassName: later }),
    route('nat', 'edge', ['34.1.2.3']),
  );
  const view = await stage.gatewayReason('edge', 'pool', 'Accepted', 'Unsupported');
  expect(view.status?.conditions?.[0]?.message).toContain('persistent-ip-regional-external');
  const { conditions } = await stage.reason('edge', 'nat', 'Accepted', 'GatewayNotAccepted');
  expect(conditions[0]?.message).toContain('persistent-ip-regional-external');
});

it('a field that the class does not offer: Unattachable, and the class that does is named', async () => {
  await stage.apply(gateway('pool', 'edge', ['34.1.2.3']));
  const fields: readonly (readonly [string, object, RegExp])[] = [
    ['global', { allowGlobalAccess: true }, /persistent-ip-regional-internal/],
    ['balanced', { haPolicy: false }, /gke-passthrough-lb/],
    ['fast', { nodeSelector: { matchLabels: { a: 'b' } } }, /gke-persistent-fast/],
    ['healthy', { loadBalancing: { healthCheckName: 'hc' } }, /gke-passthrough-lb/],
  ];
  await stage.apply(...fields.map(([name, spec]) => route(name, 'edge', ['34.1.2.3'], spec)));
  for (const [name, , message] of fields) {
    const { conditions } = await stage.reason('edge', name, 'Accepted', 'Unattachable');
    expect(conditions[0]?.message).toMatch(message);
  }
  // What is done anyway may be asked for, and none of those refused stands in its way.
  await stage.apply(
    route('nat', 'edge', ['34.1.2.3'], { haPolicy: true, allowGlobalAccess: false }),
    pod('nat-1', 'edge'),
  );
  await stage.ready('edge', 'nat', 'nat-1');
});

it('a class that is deleted takes nothing along: its routes wait, and go on when it is back', async () => {
  await stage.apply(
    gateway('pool', 'edge', ['34.1.2.3']),
    route('nat', 'edge', ['34.1.2.3']),
    pod('nat-1', 'edge'),
  );
  await stage.ready('edge', 'nat', 'nat-1');
  const name = 'persistent-ip-regional-external';
  await stage.delete(paths.gatewayClass(name));
  const waiting = await stage.reason('edge', 'nat', 'Accepted', 'GatewayNotAccepted');
  expect(waiting.conditions[0]?.message).toContain(name);
  await stage.rest();
  expect((await stage.route('edge', 'nat'))?.pod).toBeUndefined();
  expect(await stage.count('/regions/us-central1/forwardingRules')).toBe(1);
  await stage.apply(gatewayClass(name, { scheme: 'external' }));
  await stage.ready('edge', 'nat', 'nat-1');
});
