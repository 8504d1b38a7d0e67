import { describe, expect, it } from 'vitest';
import { toGateway, toNamespace, toRoute } from '../../../functions/kubernetes/objects.ts';
import { metadata, rawMetadata, rawRoute } from './setup.ts';

describe('what the API server would default is filled in', () => {
  it('in a route', () => {
    const gateway = { group: 'gateway.networking.k8s.io', kind: 'Gateway' };
    expect(toRoute(rawRoute)).toEqual({
      metadata,
      parentRefs: [
        { ...gateway, namespace: 'infra', name: 'pool', sectionName: 'default' },
        { ...gateway, namespace: 'edge', name: 'own' },
      ],
      addresses: [
        { type: 'gke.networking.io/cidr', value: '1.2.3.4/32' },
        { type: 'IPAddress', value: '1.2.3.5/32' },
      ],
      network: 'default',
      podSelector: { matchLabels: { app: 'nat' }, matchExpressions: [] },
      reactionMode: 'ReadyCondition',
      extra: {},
      status: { pods: [], conditions: [] },
      statusWriters: [],
    });
  });

  it('in a Gateway', () => {
    const spec = {
      gatewayClassName: 'c',
      addresses: [{ value: '1.2.3.4' }, {}],
      listeners: [
        { name: 'a' },
        { name: 'b', allowedRoutes: { namespaces: { from: 'All' }, kinds: [{ kind: 'HTTPRoute' }] } },
        {
          name: 'c',
          allowedRoutes: {
            namespaces: { from: 'Selector', selector: { matchLabels: { t: '1' } } },
            kinds: [{ group: 'networking.gke.io', kind: 'GKEIPRoute' }],
          },
        },
      ],
    };
    expect(toGateway({ metadata: rawMetadata, spec })).toEqual({
      metadata,
      className: 'c',
      addresses: [{ type: 'IPAddress', value: '1.2.3.4' }, { type: 'IPAddress' }],
      listeners: [
        { name: 'a', from: 'Same', kinds: [] },
        { name: 'b', from: 'All', kinds: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' }] },
        {
          name: 'c',
          from: 'Selector',
          selector: { matchLabels: { t: '1' }, matchExpressions: [] },
          kinds: [{ group: 'networking.gke.io', kind: 'GKEIPRoute' }],
        },
      ],
      status: { addresses: [], conditions: [], listeners: [] },
    });
  });

  it("in the metadata of an object without any, which is not a namespace's", () => {
    expect(toNamespace({})).toEqual({
      metadata: {
        name: '',
        namespace: '',
        uid: '',
        resourceVersion: '',
        generation: 0,
        creationTimestamp: '',
        finalizers: [],
        labels: {},
        annotations: {},
      },
    });
  });
});
