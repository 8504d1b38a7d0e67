import { describe, expect, test } from 'vitest';
import { ownPrincipal } from './entries.ts';
import { judge, noWrite } from './judging.ts';

describe('Gateways, GKEIPRoutes and GatewayClasses', () => {
  const gateway = 'gateway.networking.k8s.io/v1/namespaces/infra/gateways/pool';
  const route = 'networking.gke.io/v1/namespaces/edge/gkeiproutes/nat';
  const gatewayClass = 'gateway.networking.k8s.io/v1/gatewayclasses/persistent-ip-regional-external';

  test.each(['create', 'update', 'patch', 'delete'])('%s needs no body to be kept', (verb) => {
    expect(judge({ method: `io.k8s.networking.gateway.v1.gateways.${verb}`, path: gateway })).toEqual({
      kind: 'object',
      of: 'gateway',
      namespace: 'infra',
      name: 'pool',
    });
    expect(judge({ method: `io.gke.networking.v1.gkeiproutes.${verb}`, path: route })).toEqual({
      kind: 'object',
      of: 'route',
      namespace: 'edge',
      name: 'nat',
    });
    expect(
      judge({ method: `io.k8s.networking.gateway.v1.gatewayclasses.${verb}`, path: gatewayClass }),
    ).toEqual({
      kind: 'object',
      of: 'class',
      namespace: '',
      name: 'persistent-ip-regional-external',
    });
  });

  test('a v1beta1 manifest is the same object', () => {
    const write = {
      method: 'io.k8s.networking.gateway.v1beta1.gateways.update',
      path: gateway.replace('/v1/', '/v1beta1/'),
    };
    expect(judge(write)).toMatchObject({ kind: 'object', of: 'gateway', name: 'pool' });
  });

  const routeStatus = { method: 'io.gke.networking.v1.gkeiproutes.status.update', path: `${route}/status` };

  test('a status written by others is kept: that is how DPV2Ready reaches us', () => {
    expect(judge({ ...routeStatus, principal: 'system:serviceaccount:kube-system:anetd' })).toMatchObject({
      kind: 'object',
      of: 'route',
    });
  });

  test('our own writes are dropped, of the status and of the object', () => {
    const own = { kind: 'drop', why: 'our own write' };
    expect(judge({ ...routeStatus, principal: ownPrincipal })).toEqual(own);
    expect(
      judge({ method: 'io.gke.networking.v1.gkeiproutes.patch', path: route, principal: ownPrincipal }),
    ).toEqual(own);
  });

  test('a collection that a dying Namespace deletes concerns each of its objects', () => {
    const write = {
      method: 'io.gke.networking.v1.gkeiproutes.deletecollection',
      path: 'networking.gke.io/v1/namespaces/edge/gkeiproutes',
    };
    expect(judge(write)).toEqual({ kind: 'objects-of-namespace', of: 'route', namespace: 'edge' });
  });

  test('reads and other subresources are dropped', () => {
    expect(judge({ method: 'io.gke.networking.v1.gkeiproutes.get', path: route })).toEqual(noWrite);
    expect(
      judge({ method: 'io.gke.networking.v1.gkeiproutes.scale.update', path: `${route}/scale` }),
    ).toEqual(noWrite);
  });
});

describe('what routes refer to', () => {
  test.each(['update', 'patch'])('a Namespace’s labels may change by %s', (verb) => {
    const write = { method: `io.k8s.core.v1.namespaces.${verb}`, path: 'core/v1/namespaces/edge' };
    expect(judge(write)).toEqual({ kind: 'namespace', name: 'edge' });
  });

  test.each([
    ['create', 'a new Namespace has no routes yet'],
    ['delete', 'the objects of a Namespace report their own deletion'],
  ])('%s of a Namespace is dropped: %s', (verb, why) => {
    const write = { method: `io.k8s.core.v1.namespaces.${verb}`, path: 'core/v1/namespaces/edge' };
    expect(judge(write)).toEqual({ kind: 'drop', why });
  });

  test('the finalizing of a Namespace is dropped', () => {
    const write = {
      method: 'io.k8s.core.v1.namespaces.finalize.update',
      path: 'core/v1/namespaces/edge/finalize',
    };
    expect(judge(write)).toEqual(noWrite);
  });

  test.each([
    ['networks', { kind: 'network', name: 'blue' }],
    ['gkenetworkparamsets', { kind: 'networks' }],
  ])('every write of %s is kept, and of its status', (resource, verdict) => {
    const path = `networking.gke.io/v1/${resource}/blue`;
    for (const verb of ['create', 'update', 'patch', 'delete'])
      expect(judge({ method: `io.gke.networking.v1.${resource}.${verb}`, path })).toEqual(verdict);
    const status = { method: `io.gke.networking.v1.${resource}.status.update`, path: `${path}/status` };
    expect(judge(status)).toEqual(verdict);
  });
});

test.each(['networks', 'gkenetworkparamsets'])('%s that are deleted together may be any', (resource) => {
  const path = `networking.gke.io/v1/${resource}`;
  expect(judge({ method: `io.gke.networking.v1.${resource}.deletecollection`, path })).toEqual({
    kind: 'networks',
  });
});
