import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { route } from './objects.ts';
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

type Path = {
  get: { responses: Record<string, { content?: { 'application/json': { schema: { $ref: string } } } }> };
};
interface Description {
  readonly paths: Readonly<Record<string, Path>>;
  readonly components: unknown;
}

it('every answer is as the inventory’s own description says, refusals too', async () => {
  const url = stage.cloud.deployment.urls.inventory;
  const token = await stage.cloud.sign({ audience: url, email: 'someone@example.com' });
  const read = async (path: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: await response.json() };
  };
  const description = (await read('/v1/openapi.json')).body as Description;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (to: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'inventory', components: description.components });
  const questions: readonly (readonly [path: string, question: string, status: number])[] = [
    ['/v1/pools', '/v1/pools', 200],
    ['/v1/routes', '/v1/routes?pageSize=1', 200],
    ['/v1/routes', '/v1/routes?pageSize=0', 400],
    ['/v1/routes/{namespace}/{name}/explain', '/v1/routes/edge/nat/explain', 200],
    ['/v1/routes/{namespace}/{name}/explain', '/v1/routes/edge/nobody/explain', 200],
    ['/v1/routes/{namespace}/{name}/explain', '/v1/routes/edge/none/explain', 404],
    ['/v1/addresses/{ip}/history', '/v1/addresses/34.1.2.3/history', 200],
    ['/v1/addresses/{ip}/history', '/v1/addresses/nonsense/history', 400],
  ];
  expect(new Set(questions.map(([path]) => path))).toEqual(new Set(Object.keys(description.paths)));
  for (const [path, question, expected] of questions) {
    const { status, body } = await read(question);
    expect({ question, status }).toEqual({ question, status: expected });
    const schema = description.paths[path]?.get.responses[status]?.content?.['application/json'].schema.$ref;
    const isAsDescribed = ajv.getSchema(`inventory${schema}`);
    expect({ question, valid: isAsDescribed?.(body), errors: isAsDescribed?.errors }).toEqual({
      question,
      valid: true,
      errors: null,
    });
  }
});
