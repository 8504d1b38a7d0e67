import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toClass, toGateway, toRoute } from '../../../../../functions/kubernetes/objects.ts';
import { judgeCaller } from '../../../../../infra/cli/persistent-ip/doctor/cluster/api-server.ts';
import { judgeClasses } from '../../../../../infra/cli/persistent-ip/doctor/cluster/classes.ts';
import {
  judgeAgent,
  judgeProvider,
} from '../../../../../infra/cli/persistent-ip/doctor/cluster/dataplane.ts';
import { judgeGatewayApi } from '../../../../../infra/cli/persistent-ip/doctor/cluster/gateway-api.ts';
import { judgeNodes } from '../../../../../infra/cli/persistent-ip/doctor/cluster/nodes.ts';
import { judgeRouteDefinition } from '../../../../../infra/cli/persistent-ip/doctor/cluster/route-definition.ts';
import {
  judgeAgents,
  judgeControllers,
} from '../../../../../infra/cli/persistent-ip/doctor/cluster/routes.ts';

const controllerName = 'persistent-ip.dev/serverless';
const established = { conditions: [{ type: 'Established', status: 'True' }] };

describe('GKEIPRoute', () => {
  const file = new URL('../../../../../infra/kubernetes/crds/gkeiproutes.yaml', import.meta.url);
  const ours = () => ({ ...parse(readFileSync(file, 'utf8')), status: established });
  const specOf = (definition: ReturnType<typeof ours>) =>
    definition.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties;

  it('of this install is whole', () => {
    expect(judgeRouteDefinition(ours(), 'install')).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('this install’s'),
    });
  });

  it('of GKE’s will do, and is told apart', () => {
    const gke = ours();
    gke.metadata.labels = { 'addonmanager.kubernetes.io/mode': 'Reconcile' };
    expect(judgeRouteDefinition(gke, 'install')).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('not of this install'),
    });
  });

  it('that is missing is mended by the install', () => {
    expect(judgeRouteDefinition(undefined, 'install')).toMatchObject({ status: 'failed', remedy: 'install' });
  });

  it.each([
    ['is not established', (definition: ReturnType<typeof ours>) => (definition.status = {} as never)],
    [
      'does not serve v1',
      (definition: ReturnType<typeof ours>) => (definition.spec.versions[0].served = false),
    ],
    [
      'has no status',
      (definition: ReturnType<typeof ours>) => delete definition.spec.versions[0].subresources,
    ],
    [
      'lacks spec.reactionMode',
      (definition: ReturnType<typeof ours>) => delete specOf(definition).reactionMode,
    ],
    [
      'lacks spec.addresses[].value',
      (definition: ReturnType<typeof ours>) =>
        (specOf(definition).addresses.items.properties.value = { type: 'integer' }),
    ],
  ])('that %s has failed', (why, spoil) => {
    const definition = ours();
    spoil(definition);
    expect(judgeRouteDefinition(definition, 'install')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining(why),
    });
  });

  it('without a field that nobody reads is whole', () => {
    const definition = ours();
    delete specOf(definition).parentRefs.items.properties.port;
    expect(judgeRouteDefinition(definition, 'install').status).toBe('ok');
  });

  it('without GKE’s newest fields is a warning', () => {
    const definition = ours();
    delete specOf(definition).loadBalancing;
    expect(judgeRouteDefinition(definition, 'install').status).toBe('warning');
  });
});

describe('the Gateway API', () => {
  const served = ['gateways', 'gateways/status', 'gatewayclasses', 'gatewayclasses/status'];

  it('may be the API server’s own', () => {
    expect(judgeGatewayApi({ served, definitions: {} }, 'enable').status).toBe('ok');
  });

  it('that is not served, or not whole, has failed', () => {
    expect(judgeGatewayApi({ served: undefined, definitions: {} }, 'enable')).toMatchObject({
      status: 'failed',
      remedy: 'enable',
    });
    expect(judgeGatewayApi({ served: served.slice(0, 3), definitions: {} }, 'enable').found).toContain(
      'gatewayclasses/status',
    );
  });

  it('whose definition lacks what we read has failed', () => {
    const bare = {
      spec: { versions: [{ name: 'v1', served: true, subresources: { status: {} }, schema: {} }] },
      status: established,
    };
    expect(judgeGatewayApi({ served, definitions: { gateways: bare } }, 'enable')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('spec.gatewayClassName'),
    });
  });
});

describe('GatewayClasses', () => {
  const accepted = { type: 'Accepted', status: 'True', observedGeneration: 1 };
  const one = (name: string, controller = controllerName, conditions: readonly object[] = [accepted]) =>
    toClass({
      metadata: { name, generation: 1 },
      spec: { controllerName: controller },
      status: { conditions },
    });
  const external = 'persistent-ip-regional-external';
  const internal = one('persistent-ip-regional-internal');

  it.each([
    ['missing', [], 'there is no GatewayClass persistent-ip-regional-external'],
    ['another’s', [one(external, 'example.com/c')], 'belongs to controller example.com/c'],
    ['not looked at', [one(external, controllerName, [])], 'no function has looked at it'],
    [
      'changed since it was accepted',
      [one(external, controllerName, [{ ...accepted, observedGeneration: 0 }])],
      'is not Accepted',
    ],
    [
      'refused',
      [one(external, controllerName, [{ ...accepted, status: 'False', message: 'set its annotation' }])],
      'set its annotation',
    ],
  ])('one that is %s has failed', (_, classes, found) => {
    expect(judgeClasses([...classes, internal], controllerName, 'install')).toMatchObject({
      status: 'failed',
      found: expect.stringContaining(found),
    });
  });

  it('of another controller name are asked for by that name alone', () => {
    expect(judgeClasses([one('mine', 'example.com/pip')], 'example.com/pip', 'install').status).toBe('ok');
    expect(judgeClasses([one(external)], 'example.com/pip', 'install').status).toBe('failed');
  });
});

describe('routes', () => {
  const now = new Date('2026-11-25T12:10:00Z');
  const long = '2026-11-25T12:00:00Z';
  const condition = (type: string, status = 'True', more: object = {}) => ({
    type,
    status,
    reason: type,
    message: '',
    observedGeneration: 1,
    lastTransitionTime: long,
    ...more,
  });
  const classes = [
    toClass({ metadata: { name: 'ours' }, spec: { controllerName } }),
    toClass({
      metadata: { name: 'gke' },
      spec: { controllerName: 'networking.gke.io/persistent-ip-controller' },
    }),
  ];
  const gateways = [
    toGateway({ metadata: { name: 'pool', namespace: 'edge' }, spec: { gatewayClassName: 'ours' } }),
  ];
  const route = (
    dataplane: object,
    { metadata = {}, pods = ['nat-1'] }: { metadata?: object; pods?: string[] } = {},
  ) =>
    toRoute({
      metadata: { name: 'nat', namespace: 'edge', generation: 1, ...metadata },
      spec: { parentRefs: [{ name: 'pool' }] },
      status: { pods, conditions: [condition('Accepted'), condition('GCPReady'), dataplane] },
    });
  const seen = (...routes: readonly ReturnType<typeof route>[]) => ({
    routes,
    gateways,
    classes,
    controllerName,
  });
  const agents = (...routes: readonly ReturnType<typeof route>[]) => judgeAgents(seen(...routes), now);
  const served = route(condition('DPV2Ready'));

  it('without one that names a Pod, nothing tells of the agents', () => {
    expect(agents()).toMatchObject({ status: 'skipped' });
    expect(agents(route(condition('DPV2Ready', 'False'), { pods: [] }))).toMatchObject({ status: 'skipped' });
  });

  it('an agent has answered, is silent, has two minutes, or says why it cannot', () => {
    expect(agents(served)).toMatchObject({ status: 'ok' });
    const silent = route(condition('DPV2Ready', 'False', { reason: 'Mutated' }));
    expect(agents(served, silent)).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('edge/nat'),
    });
    const asked = { reason: 'Mutated', lastTransitionTime: '2026-11-25T12:08:01Z' };
    expect(agents(route(condition('DPV2Ready', 'False', asked)))).toMatchObject({ status: 'unknown' });
    const broken = { reason: 'DPV2NotReady', message: 'no space left' };
    expect(agents(route(condition('DPV2Ready', 'False', broken)))).toMatchObject({
      status: 'failed',
      found: expect.stringContaining('no space left'),
    });
  });

  it('another controller beside ours is no fault while it writes none of our routes', () => {
    expect(judgeControllers(seen(served))).toMatchObject({
      status: 'ok',
      found: expect.stringContaining('has classes here'),
    });
  });

  it('that another controller rewrites, or did within the hour, have failed', () => {
    const fieldsV1 = { 'f:status': { 'f:pods': {} } };
    const managedFields = [
      { manager: 'persistent-ip.dev', time: '2026-11-25T12:00:00Z', fieldsV1 },
      { manager: 'gke-ipr-controller', time: '2026-11-25T12:00:01Z', fieldsV1 },
    ];
    expect(judgeControllers(seen(route({}, { metadata: { managedFields } })))).toMatchObject({
      status: 'failed',
      found: '"gke-ipr-controller" writes the status of edge/nat too',
    });
    expect(judgeControllers(seen(route(condition('SecondController')))).status).toBe('failed');
  });

  it('with GKE’s marks under a Gateway of ours are left to GKE, which is said', () => {
    const finalizers = ['networking.gke.io/gke-ipr-controller'];
    expect(judgeControllers(seen(served, route({}, { metadata: { finalizers } })))).toMatchObject({
      status: 'warning',
      found: expect.stringContaining('left to GKE'),
    });
  });
});

describe('the caller', () => {
  it.each([
    ['', 'failed'],
    ['system:anonymous', 'failed'],
    ['104571892746', 'failed'],
    ['me@example.com', 'ok'],
  ])('that is known as "%s": %s', (name, status) => {
    expect(judgeCaller({ name, groups: [] }, 'https://e').status).toBe(status);
  });
});

describe('nodes', () => {
  const known = { zones: ['r-a'], subnetwork: 's', moreSubnetworks: ['pool'] };
  const node = (zone: string, subnetwork?: string) => ({
    name: `in-${zone}`,
    instance: { project: 'p', zone, name: 'vm' },
    ready: 'True' as const,
    networks: [],
    ...(subnetwork === undefined ? {} : { subnetwork }),
  });

  it.each([
    ['no node', [], 'skipped', /no node/],
    ['those of the configuration', [node('r-a'), node('r-a', 'pool')], 'ok', /2 nodes/],
    ['a zone that came later', [node('r-a'), node('r-b')], 'failed', /nodes are in r-b/],
    ['a subnetwork that came later', [node('r-a', 'new')], 'failed', /subnetwork new/],
    [
      'no VM',
      [{ name: 'edge-1', ready: 'True' as const, networks: [] }],
      'failed',
      /edge-1: no VM of Compute Engine/,
    ],
  ])('in %s', (_, nodes, status, found) => {
    expect(judgeNodes(nodes, known)).toMatchObject({ status, found: expect.stringMatching(found) as string });
  });
});

describe('Dataplane V2', () => {
  it.each([
    [{ status: { desiredNumberScheduled: 3, numberReady: 2 } }, 'warning'],
    [{ status: { desiredNumberScheduled: 3, numberReady: 3 } }, 'ok'],
  ])('by its agent %j: %s', (daemonSet, status) => {
    expect(judgeAgent(daemonSet).status).toBe(status);
  });

  it.each([
    ['ADVANCED_DATAPATH', 'ok'],
    ['LEGACY_DATAPATH', 'failed'],
    ['', 'failed'],
  ])('by GKE’s word "%s": %s', (provider, status) => {
    expect(judgeProvider(provider).status).toBe(status);
  });
});
