import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  toClass,
  toGateway,
  toNamespace,
  toNetwork,
  toNetworkParamSet,
  toNode,
  toPod,
  toRoute,
} from '../../../functions/kubernetes/objects.ts';
import { object } from '../../../functions/kubernetes/read.ts';
import { fieldManager } from '../../../functions/persistent-ip/second-controller.ts';
import { metadata, rawMetadata, rawRoute } from './setup.ts';

const condition = {
  type: 'DPV2Ready',
  status: 'True',
  reason: 'DPV2Ready',
  message: 'm',
  observedGeneration: 3,
  lastTransitionTime: '2026-01-01T00:00:00Z',
};

describe('who writes the status of a route', () => {
  const time = '2026-01-01T00:02:00Z';
  const writers = (...fields: readonly object[]) =>
    toRoute({
      ...rawRoute,
      metadata: {
        ...rawMetadata,
        managedFields: fields.map((fieldsV1, i) => ({
          manager: `m${i}`,
          subresource: 'status',
          time,
          fieldsV1,
        })),
      },
    }).statusWriters;
  const conditions = (type: string) => ({
    'f:status': { 'f:conditions': { '.': {}, [`k:{"type":"${type}"}`]: { '.': {}, 'f:status': {} } } },
  });

  it('is whoever owns status.pods or one of our conditions, with the time', () => {
    expect(writers({ 'f:status': { 'f:pods': {} } }, conditions('Accepted'))).toEqual([
      { manager: 'm0', at: time },
      { manager: 'm1', at: time },
    ]);
    expect(writers(conditions('GCPReady'), conditions('Ready'))).toHaveLength(2);
  });

  it('is not the node agent, which owns DPV2Ready, nor who owns anything else', () => {
    const rest = { 'f:metadata': { 'f:finalizers': {} }, 'f:spec': { 'f:network': {} } };
    expect(writers(conditions('DPV2Ready'), conditions('Theirs'), rest, {})).toEqual([]);
  });

  it('is us also when another controller has taken back all but the condition that we made for the node agents', () => {
    const managedFields = [{ manager: fieldManager, time, fieldsV1: conditions('DPV2Ready') }];
    expect(toRoute({ ...rawRoute, metadata: { ...rawMetadata, managedFields } }).statusWriters).toEqual([
      { manager: fieldManager, at: time },
    ]);
  });

  it('is nobody where the entries are no such thing', () => {
    const managedFields = ['x', null, { manager: 7, fieldsV1: 'x' }, { fieldsV1: { 'f:status': [] } }];
    expect(toRoute({ ...rawRoute, metadata: { ...rawMetadata, managedFields } }).statusWriters).toEqual([]);
  });
});

describe('what a rule reads is kept', () => {
  it('of a route: its mode, the fields of newer CRDs, its status', () => {
    const extra = { allowGlobalAccess: false, haPolicy: true, loadBalancing: { healthCheckName: 'h' } };
    const route = toRoute({
      ...rawRoute,
      spec: { ...rawRoute.spec, ...extra, network: 'blue', reactionMode: 'Exists', nodeSelector: {} },
      status: { pods: ['nat-1'], conditions: [condition] },
    });
    expect(route).toMatchObject({
      network: 'blue',
      reactionMode: 'Exists',
      extra: { ...extra, nodeSelector: {} },
      status: { pods: ['nat-1'], conditions: [condition] },
    });
  });

  it('of a Pod, as the client gives it: with Dates', () => {
    const pod = toPod({
      metadata: {
        ...rawMetadata,
        creationTimestamp: new Date('2026-01-01T00:00:00Z'),
        deletionTimestamp: new Date('2026-01-01T00:01:00Z'),
      },
      spec: { nodeName: 'n1', hostNetwork: true },
      status: {
        phase: 'Running',
        podIP: '10.0.0.1',
        conditions: [
          { type: 'Initialized', status: 'False' },
          { type: 'Ready', status: 'True' },
        ],
      },
    });
    expect(pod).toEqual({
      metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:01:00Z' },
      nodeName: 'n1',
      hostNetwork: true,
      networks: [],
      phase: 'Running',
      podIP: '10.0.0.1',
      ready: true,
    });
  });

  it('of a Pod that is not scheduled', () => {
    expect(toPod({ metadata: rawMetadata, spec: {}, status: { phase: 'Pending' } })).toEqual({
      metadata,
      hostNetwork: false,
      networks: [],
      phase: 'Pending',
      ready: false,
    });
  });

  it('of a Node', () => {
    const node = toNode({
      metadata: { name: 'n1', labels: { 'cloud.google.com/gke-node-pool-subnet': 'sub' } },
      spec: { providerID: 'gce://prj/reg-a/vm-1' },
      status: { conditions: [{ type: 'Ready', status: 'False' }] },
    });
    const instance = { project: 'prj', zone: 'reg-a', name: 'vm-1' };
    expect(node).toEqual({ name: 'n1', instance, ready: 'False', subnetwork: 'sub', networks: [] });
  });

  it.each(['', 'aws:///zone/i', 'gce://prj/reg-a', 'gce://prj/reg-a/vm/more', 'gce:///reg-a/vm', 7, null])(
    'of a Node whose providerID is %j: no instance',
    (providerID) => {
      expect(toNode({ metadata: { name: 'n' }, spec: { providerID } })).toEqual({
        name: 'n',
        ready: 'Unknown',
        networks: [],
      });
    },
  );

  it('of a Network and its parameter set', () => {
    const parametersRef = { group: 'networking.gke.io', kind: 'GKENetworkParamSet', name: 'blue-params' };
    const spec = { type: 'L3', parametersRef };
    expect(toNetwork({ metadata: rawMetadata, spec, status: { conditions: [condition] } })).toEqual({
      metadata,
      type: 'L3',
      paramSet: 'blue-params',
      conditions: [condition],
    });
    expect(toNetworkParamSet({ metadata: rawMetadata, spec: { vpc: 'v', vpcSubnet: 's' } })).toEqual({
      metadata,
      vpc: 'v',
      vpcSubnet: 's',
    });
  });

  it.each([
    ['nothing', undefined],
    ['another group', { group: 'example.com', kind: 'GKENetworkParamSet', name: 'x' }],
    ['another kind', { group: 'networking.gke.io', kind: 'Other', name: 'x' }],
    ['no name', { group: 'networking.gke.io', kind: 'GKENetworkParamSet' }],
  ])('of a Network that refers to %s: no parameter set', (_, parametersRef) => {
    expect(toNetwork({ metadata: rawMetadata, spec: { parametersRef } })).not.toHaveProperty('paramSet');
  });

  it.each([
    [
      '[{"interfaceName":"eth0","network":"default"},{"interfaceName":"eth1","network":"blue"}]',
      ['default', 'blue'],
    ],
    ['[{"network":"blue","ipAddress":"172.16.0.2"}]', ['blue']],
    ['[{"interfaceName":"eth1"}, 7, null, {"network":7}]', []],
    ['{"network":"blue"}', []],
    ['[{"network":"blue"', []],
    ['', []],
  ])('of the networks that an annotation lists: %j', (value, networks) => {
    const annotated = (key: string) => ({ metadata: { ...rawMetadata, annotations: { [key]: value } } });
    expect(toPod(annotated('networking.gke.io/interfaces')).networks).toEqual(networks);
    expect(toNode(annotated('networking.gke.io/north-interfaces')).networks).toEqual(networks);
    expect(toPod(annotated('networking.gke.io/north-interfaces')).networks).toEqual([]);
  });

  it('of a class', () => {
    expect(toClass({ metadata: rawMetadata, spec: { controllerName: 'x/y' } })).toEqual({
      metadata,
      controllerName: 'x/y',
      conditions: [],
    });
  });
});

/** Objects with the right names and anything in their places. */
const absurd = (): fc.Arbitrary<unknown> => {
  const names = [
    'metadata',
    'spec',
    'status',
    'parentRefs',
    'addresses',
    'listeners',
    'allowedRoutes',
    'namespaces',
    'selector',
    'podSelector',
    'matchLabels',
    'matchExpressions',
    'values',
    'conditions',
    'pods',
    'labels',
    'finalizers',
    'creationTimestamp',
    'deletionTimestamp',
    'providerID',
    'loadBalancing',
    'nodeSelector',
    'kinds',
  ];
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 6 }, leaf, fc.array(tie('tree'), { maxLength: 3 }), tie('node')),
    node: fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 6 }),
  }));
  return tree;
};
const leaf = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, '', 'True', 0, Number.NaN, true, new Date('x'), new Date(0)),
  fc.string(),
  fc.double(),
);

describe('no object is too absurd', () => {
  it.each([
    ['route', toRoute],
    ['Gateway', toGateway],
    ['class', toClass],
    ['Namespace', toNamespace],
    ['Pod', toPod],
    ['Node', toNode],
  ])('to be read as a %s', (_, read) => {
    fc.assert(
      fc.property(absurd(), (raw) => {
        expect(() => JSON.stringify(read(object(raw)))).not.toThrow();
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
