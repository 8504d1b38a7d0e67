import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../../functions/kubernetes/read-manifest.ts';
import type { Json, JsonObject } from '../../../infra/local/kubernetes/objects/object.ts';
import { Api, gateway, gateways, route, routes } from '../../infra/local/kubernetes/api.ts';

const selector = {
  matchLabels: { app: 'nat' },
  matchExpressions: [{ key: 'app', operator: 'In', values: ['nat'] }],
};

const wholeRoute = route('nat', {
  parentRefs: [
    {
      group: 'gateway.networking.k8s.io',
      kind: 'Gateway',
      namespace: 'default',
      name: 'pool',
      sectionName: 'default',
      port: 443,
    },
  ],
  addresses: [{ type: 'gke.networking.io/cidr', value: '34.1.2.3/32' }],
  network: 'default',
  podSelector: selector,
  reactionMode: 'Exists',
  allowGlobalAccess: true,
  haPolicy: true,
  nodeSelector: selector,
  loadBalancing: { healthCheckName: 'check' },
});

const wholeGateway = gateway('pool', {
  addresses: [
    { type: 'IPAddress', value: '34.1.2.3' },
    { type: 'gke.networking.io/cidr', value: '34.1.2.0/24' },
  ],
  listeners: [
    {
      name: 'default',
      protocol: 'none',
      port: 443,
      hostname: '*.example.com',
      allowedRoutes: {
        kinds: [{ group: 'networking.gke.io', kind: 'GKEIPRoute' }],
        namespaces: { from: 'Selector', selector },
      },
    },
    { name: 'other', protocol: 'example.com/name', port: 444 },
  ],
});

/** At the limits that names and lists have, and one beyond. */
const texts = [63, 64, 253, 254].map((length) => 'x'.repeat(length));
const lengths = [8, 9, 16, 17, 32, 33, 64, 65];
const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `a${i}`);
const odd: readonly Json[] = [
  ...['', 'x', 'A_b', 'Same', '::1', '34.1.2.3/32', ...texts, null, true, 0, 70_000],
  ...[[], many(40), {}, { a: 1 }],
];

/** The value with each of its parts, in turn, as `change` makes it. */
const variants = (value: Json, change: (part: Json) => readonly Json[]): readonly Json[] => {
  if (Array.isArray(value))
    return [
      ...change(value),
      ...value.flatMap((item, i) => variants(item, change).map((other) => value.with(i, other))),
    ];
  if (typeof value !== 'object' || value === null) return change(value);
  const without = Object.keys(value).map((gone) =>
    Object.fromEntries(Object.entries(value).filter(([key]) => key !== gone)),
  );
  return [
    ...change(value),
    ...without,
    ...Object.entries(value).flatMap(([key, item]) =>
      variants(item, change).map((other) => ({ ...value, [key]: other })),
    ),
  ];
};

/** Lists of one and the same item. */
const repeated = (part: Json): readonly Json[] =>
  Array.isArray(part) && part[0] !== undefined
    ? [2, ...lengths].map((length) => Array.from({ length }, () => part[0] ?? null))
    : [];
const strange = (part: Json): readonly Json[] =>
  typeof part === 'object' && part !== null && !Array.isArray(part) ? [{ ...part, strange: 'x' }] : [];

const ofSpec = (manifest: JsonObject): readonly JsonObject[] =>
  variants(manifest.spec ?? null, (part) => [...odd, ...repeated(part), ...strange(part)]).map((spec) => ({
    ...manifest,
    spec,
  }));

const ofName = (manifest: JsonObject): readonly JsonObject[] =>
  odd.flatMap((value) => [
    { ...manifest, metadata: { name: value } },
    { ...manifest, metadata: { name: 'nat', labels: value } },
    { ...manifest, metadata: { name: 'nat', annotations: value } },
  ]);

const isSound = (manifest: JsonObject): boolean => {
  const read = readManifest(JSON.stringify(manifest));
  return typeof read !== 'string' && read.unreadable.length === 0;
};

describe('the reader of manifests', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it.each([
    ['GKEIPRoute', wholeRoute, routes],
    ['Gateway', wholeGateway, gateways],
  ])('takes and refuses of a %s what the API server does, field by field', async (_, whole, path) => {
    const manifests = [whole, ...ofSpec(whole), ...ofName(whole)];
    const outcomes = { taken: 0, refused: 0 };
    const differences: string[] = [];
    for (const manifest of manifests) {
      const { code, body } = await api.post(`${path}?dryRun=All&fieldValidation=Strict`, manifest);
      const taken = code === 201;
      outcomes[taken ? 'taken' : 'refused'] += 1;
      if (taken !== isSound(manifest))
        differences.push(
          `${taken ? 'taken' : String(body.message)}: ${JSON.stringify(manifest.spec)} ${JSON.stringify(manifest.metadata)}`.slice(
            0,
            900,
          ),
        );
    }
    expect(differences).toEqual([]);
    expect(outcomes.taken).toBeGreaterThan(50);
    expect(outcomes.refused).toBeGreaterThan(200);
  });

  const problemsOf = (manifest: string) => {
    const read = readManifest(manifest);
    return typeof read === 'string' ? read : read.unreadable.flatMap(({ problems }) => problems);
  };
  const yaml = (spec: string): string =>
    `apiVersion: networking.gke.io/v1\nkind: GKEIPRoute\nmetadata: {name: nat}\nspec: ${spec}\n`;

  it('says at which field a manifest is wrong, and what to write', () => {
    const spec = '{addresses: [{value: 34}], podSelector: {matchLabels: {on: yes}}, reactionMode: exists}';
    expect(problemsOf(yaml(spec))).toEqual([
      { field: 'spec.addresses[0].value', problem: 'must be a text: put it in quotes, and is 34' },
      // As Kubernetes reads YAML, `on` and `yes` are true.
      {
        field: 'spec.podSelector.matchLabels.true',
        problem: 'must be a text: put it in quotes, and is true',
      },
      {
        field: 'spec.reactionMode',
        problem: 'must be one of ("ReadyCondition" | "Exists"), and is "exists"',
      },
    ]);
  });

  it('knows a version that is not served, a namespace that was not asked for, and a name that comes twice', () => {
    const sound = yaml('{addresses: [{value: 34.1.2.3/32}], podSelector: {}}');
    expect(problemsOf(sound.replace('/v1', '/v1alpha1'))).toMatchObject([{ field: 'apiVersion' }]);
    expect(problemsOf(`${sound}---\n${sound}`)).toEqual([
      { field: 'metadata.name', problem: 'is that of document 1, too: remove one' },
    ]);
    const elsewhere = sound.replace('{name: nat}', '{name: nat, namespace: edge}');
    expect(readManifest(elsewhere, 'core')).toMatchObject({
      unreadable: [{ problems: [{ field: 'metadata.namespace' }] }],
    });
  });
});
