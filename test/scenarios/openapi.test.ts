import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gateway, route } from './objects.ts';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  await stage.serve({ ips: ['34.1.2.3', '34.1.2.4'] });
  await stage.apply(
    route('nobody', 'edge', ['34.1.2.4'], { podSelector: { matchLabels: { app: 'nobody' } } }),
  );
  await stage.reason('edge', 'nobody', 'Ready', 'NoPodsFound');
  await stage.rest();
});
afterEach(() => stage.close());

type Operation = {
  responses: Record<string, { content?: { 'application/json': { schema: { $ref: string } } } }>;
};
type Path = { get?: Operation; post?: Operation };
interface Description {
  readonly paths: Readonly<Record<string, Path>>;
  readonly components: unknown;
}

it('every answer is as the inventory’s own description says, refusals too', async () => {
  const url = stage.cloud.deployment.urls.inventory;
  const token = await stage.cloud.sign({ audience: url, email: 'someone@example.com' });
  const read = async (path: string, sent?: string): Promise<{ status: number; body: unknown }> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/yaml' };
    const response = await fetch(`${url}${path}`, {
      headers,
      ...(sent !== undefined && { method: 'POST', body: sent }),
    });
    return { status: response.status, body: await response.json() };
  };
  const description = (await read('/v1/openapi.json')).body as Description;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (to: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'inventory', components: description.components });
  const manifest = [
    gateway('pool', 'edge', ['34.1.2.4']),
    route('nat', 'edge', ['34.1.2.4']),
    route('new', 'edge', ['34.1.2.3']),
    { ...route('odd', 'edge', []), spec: {} },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } },
  ];
  const documents = manifest.map((one) => JSON.stringify(one)).join('\n---\n');
  const questions: readonly (readonly [path: string, question: string, status: number, sent?: string])[] = [
    ['/v1/plan', '/v1/plan', 200, documents],
    ['/v1/plan', '/v1/plan', 400, 'kind: Service'],
    ['/v1/plan', '/v1/plan', 413, 'x'.repeat(300_000)],
    ['/v1/pools', '/v1/pools', 200],
    ['/v1/routes', '/v1/routes?pageSize=1', 200],
    ['/v1/routes', '/v1/routes?pageSize=0', 400],
    ['/v1/routes/{namespace}/{name}/explain', '/v1/routes/edge/nat/explain', 200],
    ['/v1/routes/{namespace}/{name}/explain', '/v1/routes/edge/nobody/explain', 200],
    ['/v1/routes/{namespace}/{name}/explain', '/v1/routes/edge/none/explain', 404],
    ['/v1/addresses/{ip}/history', '/v1/addresses/34.1.2.3/history', 200],
    ['/v1/addresses/{ip}/history', '/v1/addresses/nonsense/history', 400],
    ['/v1/moves', '/v1/moves?since=24h', 200],
    ['/v1/moves', '/v1/moves?since=always', 400],
  ];
  expect(new Set(questions.map(([path]) => path))).toEqual(new Set(Object.keys(description.paths)));
  for (const [path, question, expected, sent] of questions) {
    const { status, body } = await read(question, sent);
    expect({ question, status }).toEqual({ question, status: expected });
    const { get, post } = description.paths[path] ?? {};
    const schema = (sent === undefined ? get : post)?.responses[status]?.content?.['application/json'].schema
      .$ref;
    const isAsDescribed = ajv.getSchema(`inventory${schema}`);
    expect({ question, valid: isAsDescribed?.(body), errors: isAsDescribed?.errors }).toEqual({
      question,
      valid: true,
      errors: null,
    });
  }
});
