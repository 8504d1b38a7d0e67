import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { Api } from './api.ts';
import { Kubectl, missing } from './kubectl.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start();
});
afterEach(() => api.close());

const asked = (accept: string): Promise<Response> =>
  fetch(`${api.kubernetes.url}/openapi/v2`, { headers: { ...api.headers(), accept } });
const protobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const document = async (): Promise<Record<'definitions' | 'paths', Record<string, JsonObject>>> =>
  (await (await asked('application/json')).json()) as never;
const route = 'io.gke.networking.v1.GKEIPRoute';

describe('/openapi/v2', () => {
  it('describes every kind of every group in one document, custom ones by their own schemas', async () => {
    const { definitions, paths } = await document();
    expect(Object.keys(definitions)).toEqual(
      expect.arrayContaining([route, 'apps.v1.Deployment', 'io.k8s.api.core.v1.Pod']),
    );
    expect(definitions[route]).toMatchObject({
      'x-kubernetes-group-version-kind': [{ group: 'networking.gke.io', version: 'v1', kind: 'GKEIPRoute' }],
      properties: {
        metadata: { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
        spec: { properties: { addresses: { type: 'array', items: { type: 'object' } } } },
      },
    });
    expect(paths['/api/v1/namespaces/{namespace}/pods/{name}']?.patch).toMatchObject({
      parameters: expect.arrayContaining([
        { name: 'fieldValidation', in: 'query', type: 'string', uniqueItems: true },
      ]),
    });
  });

  it('says nothing that only v3 can', async () => {
    const text = JSON.stringify(await document());
    for (const keyword of ['"oneOf"', '"anyOf"', '"allOf"', '"nullable"', '#/components/schemas'])
      expect(text).not.toContain(keyword);
  });

  it.each([
    ['application/json', 'application/json'],
    ['*/*', 'application/json'],
    [protobuf, protobuf],
    ['application/com.github.proto-openapi.spec.v2@v1.0+protobuf', protobuf],
    [`text/html, ${protobuf}, application/json`, protobuf],
  ])('to %s is answered as %s', async (accept, type) => {
    const answer = await asked(accept);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
  });

  it('to who accepts neither is 406', async () => {
    expect((await asked('application/yaml')).status).toBe(406);
  });
});

describe.skipIf(missing !== undefined)('kubectl explain --output=plaintext-openapiv2', () => {
  let kubectl: Kubectl;
  beforeEach(async () => {
    kubectl = await Kubectl.start(api);
  });
  afterEach(() => kubectl.end());

  it('says what the CRD says of a field, and of a list’s items, by that document', async () => {
    const text = await kubectl.say('explain gkeiproute.spec.addresses --output=plaintext-openapiv2');
    expect(text).toContain('RESOURCE: addresses <[]Object>');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Each value is a CIDR such as 34.123.10.1/32');
    expect(text).toContain('value	<string> -required-');
    expect(api.kubernetes.calls.map(({ path }) => path)).not.toContain('/openapi/v3');
  });

  it('follows references: what a Pod’s metadata is', async () => {
    const text = await kubectl.say('explain pod.metadata --output=plaintext-openapiv2');
    expect(text).toContain('labels	<map[string]string>');
  });
});
