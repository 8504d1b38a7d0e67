import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { type Answer, Api } from './api.ts';

let api: Api;
beforeEach(async () => {
  api = await Api.start({ manifests: [] });
});
afterEach(() => api.close());

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const things = '/apis/example.com/v1/things';

const definition = (spec: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Cluster',
    names: { kind: 'Thing', plural: 'things' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', ...spec },
              status: {
                type: 'object',
                properties: { left: { type: 'integer' } },
                'x-kubernetes-validations': [{ rule: 'self.left >= 0' }],
              },
            },
            ...more,
          },
        },
      },
    ],
  },
});

const rules = (...given: JsonObject[]): JsonObject => ({ 'x-kubernetes-validations': given });
const thing = (spec: JsonObject): JsonObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: { name: 'a' },
  spec,
});
const causes = ({ body }: Answer): string[] =>
  (body.details as unknown as { causes: { field: string; message: string }[] }).causes.map(
    ({ field, message }) => `${field}: ${message}`,
  );
const define = async (spec: JsonObject, more: JsonObject = {}): Promise<void> => {
  expect((await api.post(crds, definition(spec, more))).code).toBe(201);
};

const sizes: JsonObject = { properties: { min: { type: 'integer' }, max: { type: 'integer' } } };
const ordered = { rule: 'self.min <= self.max' };

describe('a rule without oldSelf', () => {
  it('holds on create and on update, and is quoted where it has no message', async () => {
    await define({ ...sizes, ...rules(ordered) });
    const refused = await api.post(things, thing({ min: 2, max: 1 }));
    expect(refused.code).toBe(422);
    expect(refused.body.message).toBe(
      'Thing.example.com "a" is invalid: spec: Invalid value: "object": failed rule: self.min <= self.max',
    );
    expect((await api.post(things, thing({ min: 1, max: 1 }))).code).toBe(201);
    expect((await api.merge(`${things}/a`, { spec: { max: 0 } })).code).toBe(422);
  });

  it('of the whole object sees its name, and its field has none', async () => {
    await define(sizes, rules({ rule: "self.metadata.name.startsWith('b')", message: 'starts with b' }));
    expect(causes(await api.post(things, thing({})))).toEqual([
      '<nil>: Invalid value: "object": starts with b',
    ]);
  });

  it('holds for every item of a list, every value of a map', async () => {
    await define({
      properties: {
        ports: { type: 'array', items: { type: 'integer', ...rules({ rule: 'self < 10' }) } },
        names: {
          type: 'object',
          additionalProperties: { type: 'string', ...rules({ rule: 'self != "x"' }) },
        },
      },
    });
    const refused = await api.post(things, thing({ ports: [1, 11], names: { a: 'x', b: 'y' } }));
    expect(causes(refused)).toEqual([
      'spec.ports[1]: Invalid value: "integer": failed rule: self < 10',
      'spec.names[a]: Invalid value: "string": failed rule: self != "x"',
    ]);
  });

  it('is not tried on a value whose types are wrong already', async () => {
    await define({ ...sizes, ...rules(ordered) });
    expect(causes(await api.post(things, thing({ min: 'two', max: 1 })))).toContain(
      '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    );
  });

  it('that fails on what is absent says so', async () => {
    await define({ ...sizes, ...rules(ordered) });
    expect(causes(await api.post(things, thing({ min: 2 })))).toEqual([
      'spec: Invalid value: "object": no such key: max evaluating rule: self.min <= self.max',
    ]);
  });

  it('of the status holds for writes of the status', async () => {
    await define(sizes);
    await api.post(things, thing({}));
    expect((await api.merge(`${things}/a/status`, { status: { left: -1 } })).code).toBe(422);
    expect((await api.merge(`${things}/a/status`, { status: { left: 1 } })).code).toBe(200);
  });

  it('that loops without end is stopped', async () => {
    const all = 'self.n.all(a, self.n.all(b, self.n.all(c, a + b + c >= 0)))';
    await define({
      properties: { n: { type: 'array', items: { type: 'integer' } } },
      ...rules({ rule: all }),
    });
    const [cause] = causes(await api.post(things, thing({ n: Array.from({ length: 200 }, () => 1) })));
    expect(cause).toBe(
      `spec: Invalid value: "object": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${all}`,
    );
  });
});

describe('what a rule says', () => {
  it.each([
    ['its message', { message: ' no ' }, 'spec: Invalid value: "object": no'],
    [
      'what its expression comes to',
      { message: 'no', messageExpression: '"%d is more than %d".format([self.min, self.max])' },
      'spec: Invalid value: "object": 2 is more than 1',
    ],
    [
      'its message where the expression fails',
      { message: 'no', messageExpression: 'self.min > 1 ? ip("x").family() == 4 ? "a" : "b" : "c"' },
      'spec: Invalid value: "object": no',
    ],
    ['the reason it names', { message: 'no', reason: 'FieldValueForbidden' }, 'spec: Forbidden: no'],
    ['another', { message: 'no', reason: 'FieldValueRequired' }, 'spec: Required value: no'],
    ['the field it names', { message: 'no', fieldPath: '.min' }, 'spec.min: Invalid value: "object": no'],
  ])('is %s', async (_, more, cause) => {
    await define({ ...sizes, ...rules({ ...ordered, ...more }) });
    expect(causes(await api.post(things, thing({ min: 2, max: 1 })))).toEqual([cause]);
  });
});

describe('a rule with oldSelf', () => {
  const steady = rules({ rule: 'self == oldSelf', message: 'is immutable' });

  it('holds where a value was before and still is', async () => {
    await define({ properties: { zone: { type: 'string', ...steady } } });
    expect((await api.post(things, thing({}))).code).toBe(201);
    expect((await api.merge(`${things}/a`, { spec: { zone: 'a' } })).code).toBe(200);
    const refused = await api.merge(`${things}/a`, { spec: { zone: 'b' } });
    expect(causes(refused)).toEqual(['spec.zone: Invalid value: "string": is immutable']);
    expect((await api.merge(`${things}/a`, { spec: { zone: null } })).code).toBe(200);
  });

  it('pairs the values of a map by their keys, the items of a list map by theirs', async () => {
    const item = {
      type: 'object',
      properties: { name: { type: 'string' }, size: { type: 'integer', ...steady } },
    };
    await define({
      properties: {
        labels: { type: 'object', additionalProperties: { type: 'string', ...steady } },
        disks: {
          type: 'array',
          items: { ...item, required: ['name'] },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
        },
      },
    });
    const disks = [
      { name: 'a', size: 1 },
      { name: 'b', size: 2 },
    ];
    await api.post(things, thing({ labels: { x: '1' }, disks }));
    expect((await api.merge(`${things}/a`, { spec: { disks: [...disks].reverse() } })).code).toBe(200);
    const refused = await api.merge(`${things}/a`, {
      spec: { labels: { x: '2', y: '1' }, disks: [{ name: 'b', size: 3 }, { name: 'c' }] },
    });
    expect(causes(refused)).toEqual([
      'spec.labels[x]: Invalid value: "string": is immutable',
      'spec.disks[0].size: Invalid value: "integer": is immutable',
    ]);
  });

  it('that takes it as optional holds where there was none, too', async () => {
    const once = { rule: '!oldSelf.hasValue() || self >= oldSelf.value()', optionalOldSelf: true };
    const even = { rule: 'oldSelf.hasValue() || self == 0', optionalOldSelf: true, message: 'starts at 0' };
    await define({ properties: { count: { type: 'integer', ...rules(once, even) } } });
    expect(causes(await api.post(things, thing({ count: 1 })))).toEqual([
      'spec.count: Invalid value: "integer": starts at 0',
    ]);
    await api.post(things, thing({ count: 0 }));
    expect((await api.merge(`${things}/a`, { spec: { count: 3 } })).code).toBe(200);
    expect((await api.merge(`${things}/a`, { spec: { count: 2 } })).code).toBe(422);
  });
});

it('a value that broke a rule before the rule was there may stay, with a warning', async () => {
  await define({
    properties: {
      ...(sizes.properties as JsonObject),
      note: { type: 'string' },
      box: { type: 'object', ...sizes },
    },
  });
  await api.post(things, thing({ box: { min: 2, max: 1 } }));
  const stricter = definition({
    properties: { note: { type: 'string' }, box: { type: 'object', ...sizes, ...rules(ordered) } },
  });
  await api.merge(`${crds}/things.example.com`, { spec: stricter.spec });
  const response = await fetch(`${api.kubernetes.url}${things}/a`, {
    method: 'PATCH',
    headers: api.headers('application/merge-patch+json'),
    body: JSON.stringify({ spec: { note: 'x' } }),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('warning')).toBe(
    '299 - "spec.box: Invalid value: \\"object\\": failed rule: self.min <= self.max"',
  );
  expect((await api.merge(`${things}/a`, { spec: { box: { min: 3 } } })).code).toBe(422);
});
