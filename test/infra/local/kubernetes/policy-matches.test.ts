import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { deployment, deployments, gateway, gateways, pod, pods } from './api.ts';
import { anEmptyApi, api, binding, bindings, enforce, made, policies, policy } from './policing.ts';

const rules = (resources: string[], operations = ['*'], group = ''): JsonObject => ({
  matchConstraints: {
    resourceRules: [{ apiGroups: [group], apiVersions: ['*'], operations, resources }],
  },
});

anEmptyApi();

describe('what a policy is asked about', () => {
  const never = { validations: [{ expression: 'false', message: 'never' }] };

  it('is the resource, the operation and the subresource that it names', async () => {
    await enforce({
      ...rules(['pods/eviction', 'deployments/scale', 'nodes'], ['CREATE', 'UPDATE', 'DELETE'], '*'),
      ...never,
    });
    await made(pods, pod('a'));
    await made(deployments, deployment('d'));
    expect((await api.merge(`${deployments}/d`, { spec: { replicas: 2 } })).code).toBe(200);
    expect((await api.merge(`${deployments}/d/scale`, { spec: { replicas: 3 } })).body.message).toContain(
      'never',
    );
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a' } };
    expect((await api.post(`${pods}/a/eviction`, eviction)).body.message).toContain('never');
    expect((await api.delete(`${pods}/a`)).code).toBe(200);
  });

  it('is a deletion too, of which it sees what was', async () => {
    await enforce({
      ...rules(['pods'], ['DELETE']),
      validations: [{ expression: "object == null && oldObject.metadata.name != 'kept'", message: 'kept' }],
    });
    await made(pods, pod('kept'));
    await made(pods, pod('other'));
    expect((await api.delete(`${pods}/kept`)).code).toBe(422);
    expect((await api.delete(`${pods}/other`)).code).toBe(200);
    expect((await api.delete(pods)).code).toBe(422);
  });

  it('is the object in the version that the policy names, whichever version was written', async () => {
    const gatewayRules = rules(['gateways'], ['CREATE'], 'gateway.networking.k8s.io')
      .matchConstraints as JsonObject;
    const [rule] = gatewayRules.resourceRules as JsonObject[];
    const constraints = (matchPolicy: string): JsonObject => ({
      matchConstraints: { matchPolicy, resourceRules: [{ ...rule, apiVersions: ['v1'] }] },
    });
    await enforce({
      ...constraints('Equivalent'),
      validations: [{ expression: "object.apiVersion != 'gateway.networking.k8s.io/v1'", message: 'v1' }],
    });
    const beta = { ...gateway('a'), apiVersion: 'gateway.networking.k8s.io/v1beta1' };
    const betas = gateways.replace('/v1/', '/v1beta1/');
    expect((await api.post(betas, beta)).body.message).toContain('v1');
    await api.merge(`${policies}/cidrs`, { spec: constraints('Exact') });
    expect((await api.post(betas, beta)).code).toBe(201);
  });

  it('is chosen by labels of the object, of its namespace, by name, and by what is excluded', async () => {
    const resourceRules = (rules(['pods']).matchConstraints as JsonObject).resourceRules as JsonObject[];
    const chosen = async (constraints: JsonObject, wanted: number, labels = {}): Promise<void> => {
      await api.delete(`${policies}/cidrs`);
      await made(policies, policy({ ...never, matchConstraints: { resourceRules, ...constraints } }));
      expect((await api.post(`${pods}?dryRun=All`, pod('a', labels))).code, JSON.stringify(constraints)).toBe(
        wanted,
      );
    };
    await made(bindings, binding());
    await chosen({}, 422);
    await chosen({ objectSelector: { matchLabels: { app: 'x' } } }, 201);
    await chosen({ objectSelector: { matchLabels: { app: 'x' } } }, 422, { app: 'x' });
    const named = (name: string): JsonObject => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
    await chosen({ namespaceSelector: named('other') }, 201);
    await chosen({ namespaceSelector: named('default') }, 422);
    await chosen({ excludeResourceRules: resourceRules }, 201);
    await chosen({ resourceRules: [{ ...resourceRules[0], resourceNames: ['b'] }] }, 201);
    await chosen({ resourceRules: [{ ...resourceRules[0], scope: 'Cluster' }] }, 201);
  });

  it('is never a policy itself', async () => {
    await enforce({ ...rules(['*'], ['*'], '*'), ...never });
    expect((await api.delete(`${bindings}/everywhere`)).code).toBe(200);
  });
});
