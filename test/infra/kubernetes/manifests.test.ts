import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { contains, parseCidr } from '../../../functions/persistent-ip/cidr.ts';
import type { KubeObject } from '../../../infra/local/kubernetes/objects/object.ts';
import { Api, manifest } from '../local/kubernetes/api.ts';

const read = (name: string): string => readFileSync(manifest(name), 'utf8');
const documents = (name: string): KubeObject[] =>
  parseAllDocuments(read(name)).map((document) => document.toJS() as KubeObject);

const networkCrds = readFileSync(
  new URL('../../../infra/local/manifests/networks.yaml', import.meta.url),
  'utf8',
);

let api: Api;
beforeEach(async () => {
  api = await Api.start();
  api.kubernetes.apply(networkCrds);
});
afterEach(() => api.close());

describe('the CRD', () => {
  const spec = documents('crds/gkeiproutes.yaml')[0]!.spec as {
    names: { shortNames: string[] };
    versions: { additionalPrinterColumns: { name: string }[] }[];
  };

  it('shows who holds which address', () => {
    expect(spec.names.shortNames).toEqual(['gkeipr']);
    expect(spec.versions[0]!.additionalPrinterColumns.map(({ name }) => name)).toEqual([
      'Addresses',
      'Pod',
      'Ready',
      'Reason',
      'Age',
    ]);
  });

  it('may be applied again without a change', async () => {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gkeiproutes.networking.gke.io';
    const before = await api.get(path);
    api.kubernetes.apply(read('crds/gkeiproutes.yaml'));
    expect((await api.get(path)).body.metadata.resourceVersion).toBe(before.body.metadata.resourceVersion);
  });
});

describe('the classes', () => {
  it('are of our controller, and each says its scheme', () => {
    const found = documents('gatewayclasses.yaml').map(({ metadata, spec }) => [
      metadata.name,
      (metadata.annotations as Record<string, string>)['persistent-ip.dev/scheme'],
      (spec as { controllerName: string }).controllerName,
    ]);
    expect(found).toEqual([
      ['persistent-ip-regional-external', 'external', 'persistent-ip.dev/serverless'],
      ['persistent-ip-regional-internal', 'internal', 'persistent-ip.dev/serverless'],
    ]);
  });
});

describe('the rights of the functions', () => {
  const rules = documents('rbac.yaml')[0]!.rules as unknown as { resources: string[]; verbs: string[] }[];
  const may = (verb: string): string[] =>
    rules.filter(({ verbs }) => verbs.includes(verb)).flatMap(({ resources }) => resources);

  it('write routes, Gateways and what is reported, and nothing else', () => {
    const written = ['update', 'patch', 'create', 'delete', 'deletecollection', '*'].flatMap(may);
    expect(new Set(written)).toEqual(
      new Set([
        'gkeiproutes',
        'gateways',
        'gkeiproutes/status',
        'gateways/status',
        'gatewayclasses/status',
        'events',
      ]),
    );
    expect(may('create')).toEqual(['events']);
    const unused = ['update', 'delete', 'watch', '*'];
    expect(unused.flatMap(may)).toEqual([]);
  });

  it('read what decides who holds an address, and no Secret', () => {
    expect(new Set(may('get'))).toEqual(
      new Set([
        'pods',
        'nodes',
        'namespaces',
        'gateways',
        'gatewayclasses',
        'gkeiproutes',
        'networks',
        'gkenetworkparamsets',
        'events',
      ]),
    );
    expect(may('list')).toEqual(may('get').filter((resource) => resource !== 'events'));
  });
});

describe.each(['nat-pod', 'statefulset', 'deployment', 'internal-pool', 'byoip-pool', 'multi-network'])(
  'the sample %s',
  (name) => {
    const file = `samples/${name}.yaml`;

    it('applies as it is, and every object of it is stored whole', () => {
      const stored = api.kubernetes.apply(read(file)) as KubeObject[];
      const asked = documents(file);
      expect(stored.map(({ kind }) => kind)).toEqual(asked.map(({ kind }) => kind));
      // A field that the schema does not know would have been dropped without a word.
      for (const [at, { spec = null }] of asked.entries()) {
        if (spec !== null) expect(stored[at]!.spec).toMatchObject(spec as object);
      }
    });

    it('claims addresses that its Gateway has, by routes that select its own Pods', () => {
      const objects = documents(file);
      const of = (kind: string): KubeObject[] => objects.filter((object) => object.kind === kind);
      const [pool] = of('Gateway');
      const blocks = (pool!.spec as { addresses: { value: string }[] }).addresses.map(({ value }) =>
        parseCidr(value),
      );
      const isInPool = (value: string): boolean => {
        const block = parseCidr(value);
        if (typeof block === 'string') return false;
        return blocks.some(
          (one) => typeof one !== 'string' && contains(one, block.first) && contains(one, block.last),
        );
      };
      for (const route of of('GKEIPRoute')) {
        const { parentRefs, addresses } = route.spec as {
          parentRefs: { name: string; namespace?: string }[];
          addresses: { value: string }[];
        };
        expect(parentRefs[0]!.name).toBe(pool!.metadata.name);
        expect(parentRefs[0]!.namespace ?? route.metadata.namespace).toBe(pool!.metadata.namespace);
        expect(addresses.every(({ value }) => isInPool(value))).toBe(true);
      }
    });

    it('is refused, and says why, when its route has no selector', () => {
      const broken = documents(file).map((object) => {
        if (object.kind !== 'GKEIPRoute') return object;
        const { podSelector: _, ...spec } = object.spec as Record<string, never>;
        return { ...object, spec };
      });
      const yaml = broken.map((object) => JSON.stringify(object)).join('\n---\n');
      expect(() => api.kubernetes.apply(yaml)).toThrow('spec.podSelector: Required value');
    });
  },
);
