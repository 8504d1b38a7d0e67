import { Gateway } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/Gateway';
import { GatewayClass } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/GatewayClass';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../infra/local/kubernetes/objects/object.ts';
import { gatewayClassStructure } from '../../../../infra/local/kubernetes/resources/gateway-class-structure.ts';
import { gatewayStructure } from '../../../../infra/local/kubernetes/resources/gateway-structure.ts';
import { ruleFaults } from '../../../../infra/local/kubernetes/schema/rule-definitions.ts';
import { hasRules } from '../../../../infra/local/kubernetes/schema/rules.ts';
import type { Structure } from '../../../../infra/local/kubernetes/schema/structure.ts';
import { violations } from '../../../../infra/local/kubernetes/schema/validator.ts';
import { Api, gateway, gateways } from './api.ts';

const words = [
  'pool',
  'example.com',
  'example.com/name',
  'none',
  'Secret',
  'IPAddress',
  'Accepted',
  '34.1.2.3',
  '',
];

/** Values about a schema: mostly sound, sometimes at or beyond a bound, sometimes of another type. */
const valuesOf = (structure: Structure): fc.Arbitrary<Json> => {
  const sound = ((): fc.Arbitrary<Json> => {
    switch (structure.type) {
      case 'array':
        return fc.array(valuesOf(structure.items ?? {}), {
          minLength: Number(structure.minItems ?? 0),
          maxLength: 3,
        }) as fc.Arbitrary<Json>;
      case 'object': {
        const { properties = {}, additionalProperties: values } = structure;
        if (typeof values === 'object') return fc.dictionary(fc.constantFrom('a', 'b/c'), valuesOf(values));
        const fields = Object.fromEntries(
          Object.entries(properties).map(([name, of]) => [name, valuesOf(of)]),
        );
        return fc.record(fields, { requiredKeys: [...(structure.required ?? [])] }) as fc.Arbitrary<Json>;
      }
      case 'integer':
        return fc.integer({
          min: structure.minimum === undefined ? 0 : Number(structure.minimum),
          max: 65_535,
        });
      default:
        if (structure.enum !== undefined) return fc.constantFrom(...(structure.enum as Json[]));
        return structure.format === 'date-time'
          ? fc.constant('2026-01-01T00:00:00Z')
          : fc.constantFrom(...words.filter((word) => violations(word, structure).length === 0));
    }
  })();
  const odd = fc.constantFrom<Json>('', '-', 'x'.repeat(300), 0, 70_000, 1.5, true, [], {}, 'A_b', '%');
  return fc.oneof({ weight: 60, arbitrary: sound }, { weight: 1, arbitrary: odd });
};

/** What the API server has beside a kind's own schema is not what is compared here. */
const whole = (kind: string, body: Json): JsonObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind,
  metadata: { name: 'pool' },
  ...(body as JsonObject),
});

const accepts = (model: { validate(): void }): boolean => {
  try {
    model.validate();
    return true;
  } catch {
    return false;
  }
};

describe('the schemas of the Gateway API', () => {
  it.each([
    ['Gateway', gatewayStructure, (data: object) => new Gateway(data as never)],
    ['GatewayClass', gatewayClassStructure, (data: object) => new GatewayClass(data as never)],
  ] as const)('let in no %s that @kubernetes-models/gateway-api refuses', (kind, structure, model) => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        valuesOf(structure).filter((value) => typeof value === 'object' && !Array.isArray(value)),
        (body) => {
          const object = whole(kind, body);
          const ours = violations(object, structure).length === 0;
          const theirs = accepts(model(object));
          if (ours) accepted += 1;
          if (!theirs) refused += 1;
          expect(ours && !theirs, JSON.stringify(object)).toBe(false);
        },
      ),
      { numRuns: 600, seed: 7 },
    );
    // Both outcomes must have been seen, or nothing was compared.
    expect(accepted).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(50);
  });

  it.each([gatewayStructure, gatewayClassStructure])('have rules that compile', (structure) => {
    expect(hasRules(structure)).toBe(true);
    expect(ruleFaults(structure, 'schema')).toEqual([]);
  });
});

describe('a Gateway', () => {
  let api: Api;
  beforeEach(async () => {
    api = await Api.start();
  });
  afterEach(() => api.close());

  const listener = (more: JsonObject): JsonObject => ({ name: 'a', protocol: 'none', port: 443, ...more });
  const messages = async (spec: JsonObject): Promise<string> => {
    const { code, body } = await api.post(gateways, gateway('pool', spec));
    return code === 201 ? 'created' : String(body.message);
  };

  it.each<[string, JsonObject, string]>([
    [
      'tls on a protocol without it',
      { listeners: [listener({ protocol: 'TCP', tls: { certificateRefs: [{ name: 'x' }] } })] },
      `spec.listeners: Invalid value: "array": tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']`,
    ],
    [
      'tls that passes through under HTTPS',
      { listeners: [listener({ protocol: 'HTTPS', tls: { mode: 'Passthrough' } })] },
      'spec.listeners: Invalid value: "array": tls mode must be Terminate for protocol HTTPS',
    ],
    [
      'tls that ends here without a certificate',
      { listeners: [listener({ protocol: 'HTTPS', tls: { certificateRefs: [] } })] },
      'certificateRefs or options must be specified when mode is Terminate',
    ],
    [
      'a hostname on TCP',
      { listeners: [listener({ protocol: 'TCP', hostname: 'a.example' })] },
      `hostname must not be specified for protocols ['TCP', 'UDP']`,
    ],
    [
      'a hostname that is none',
      { addresses: [{ type: 'Hostname', value: 'a_b' }] },
      'spec.addresses[0]: Invalid value: "object": Hostname value must be empty or contain only valid characters (matching ^(\\*\\.)?',
    ],
    [
      'one hostname twice',
      {
        addresses: [
          { type: 'Hostname', value: 'a' },
          { type: 'Hostname', value: 'a' },
        ],
      },
      'spec.addresses: Invalid value: "array": Hostname values must be unique',
    ],
    [
      'a label of infrastructure that is none',
      { infrastructure: { labels: { '-a': 'x' } } },
      'spec.infrastructure.labels: Invalid value: "object": Label keys must be in the form of',
    ],
    [
      'parameters that name no object',
      { infrastructure: { parametersRef: { group: '', kind: 'ConfigMap' } } },
      'spec.infrastructure.parametersRef.name: Required value',
    ],
  ])('with %s is refused', async (_, spec, why) => {
    expect(await messages(spec)).toContain(why);
  });

  it('with a prefix for an IPAddress is told of the alternatives and why the first is none', async () => {
    const { body } = await api.post(gateways, gateway('pool', { addresses: [{ value: '203.0.113.0/28' }] }));
    const { causes } = body.details as unknown as { causes: { field: string; message: string }[] };
    expect(causes.map(({ field, message }) => `${field}: ${message}`).sort()).toEqual(
      [
        '<nil>: Invalid value: "": "spec.addresses[0].value" must validate at least one schema (anyOf)',
        '<nil>: Invalid value: "": "spec.addresses[0]" must validate one and only one schema (oneOf). Found none valid',
        '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
        'spec.addresses[0].value: Invalid value: "203.0.113.0/28": spec.addresses[0].value in body must be of type ipv4: "203.0.113.0/28"',
      ].sort(),
    );
  });

  it('with too many addresses is told how many there are', async () => {
    const addresses = Array.from({ length: 17 }, (_, at) => ({ value: `34.1.2.${at}` }));
    expect(await messages({ addresses })).toContain(
      'spec.addresses: Too many: 17: must have at most 16 items',
    );
  });

  it('gets the defaults of its certificates', async () => {
    const { body } = await api.post(
      gateways,
      gateway('pool', {
        listeners: [listener({ protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'x' }] } })],
      }),
    );
    expect(body.spec).toMatchObject({
      listeners: [
        { tls: { mode: 'Terminate', certificateRefs: [{ name: 'x', group: '', kind: 'Secret' }] } },
      ],
    });
  });

  it('of the samples is let in: protocol none, port 443, two listeners of two names and ports', async () => {
    expect(await messages({ listeners: [listener({}), listener({ name: 'b', port: 444 })] })).toBe('created');
  });

  it('loses a field that its API has not, and says so unless the caller ignores it', async () => {
    const send = (query: string, name: string): Promise<Response> =>
      fetch(`${api.kubernetes.url}${gateways}${query}`, {
        method: 'POST',
        headers: api.headers(),
        body: JSON.stringify(
          gateway(name, { listeners: [listener({ tls: { colour: 'red', options: { a: 'b' } } })] }),
        ),
      });
    const told = await send('', 'a');
    expect(told.headers.get('warning')).toBe('299 - "unknown field \\"spec.listeners[0].tls.colour\\""');
    expect((await send('?fieldValidation=Ignore', 'b')).headers.get('warning')).toBeNull();
    expect((await send('?fieldValidation=Strict', 'c')).status).toBe(400);
    const wrong = await send('?fieldValidation=Loud', 'd');
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain(
      'fieldValidation: Unsupported value: \\"Loud\\": supported values: \\"\\", \\"Ignore\\", \\"Strict\\", \\"Warn\\"',
    );
  });
});
