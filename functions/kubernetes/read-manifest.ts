import type { Gateway, Namespace, Route } from '../persistent-ip/objects.ts';
import { isPlace } from './identity.ts';
import { type FieldProblem, problemsOf } from './manifest-problems.ts';
import { GatewayManifest, RouteManifest } from './manifest-schema.ts';
import { toGateway, toNamespace, toRoute } from './objects.ts';
import { type Json, list, object, text } from './read.ts';
import { readYaml } from './read-yaml.ts';

/** A document of a manifest, by its place, kind and name. */
export interface DocumentName {
  /** From 1 on. */
  readonly document: number;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for an object of the cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** One that the API server would refuse as it stands. */
export interface Unreadable extends DocumentName {
  readonly problems: readonly FieldProblem[];
}

/** As it was written, with its namespace and without what is null. */
export type ManifestBody = Json;

/** What a manifest holds. */
export interface Manifest {
  readonly routes: readonly Route[];
  readonly gateways: readonly Gateway[];
  readonly namespaces: readonly Namespace[];
  /** What of it is a GKEIPRoute or a Gateway of the Gateway API, and can be read. */
  readonly ours: readonly (DocumentName & { readonly body: ManifestBody })[];
  readonly unreadable: readonly Unreadable[];
  /** Of other kinds. */
  readonly others: readonly DocumentName[];
}

/** Ours; a plan looks at each with several calls. */
const mostObjects = 50;
const mostDocuments = 500;

/**
 * Reads a manifest as `kubectl apply` does: documents of YAML or JSON, a List as its items.
 * @param namespace of what names none; absent: `default`
 * @returns a text, what is wrong with the whole
 */
export const readManifest = (written: string, namespace?: string): Manifest | string => {
  const documents = readYaml(written);
  if (typeof documents === 'string') return documents;
  const all = documents.flatMap(({ value, document }) => {
    const it = object(value);
    const items = text(it.kind) === 'List' && text(it.apiVersion) === 'v1' ? list(it.items) : [value];
    return items.map((item) => ({ document, body: placed(object(item), namespace) }));
  });
  if (all.length === 0) return 'the manifest is empty';
  if (all.length > mostDocuments)
    return `the manifest holds ${all.length} documents, and a plan looks at ${mostDocuments}: split it`;
  const nameless = all.find(({ body }) => text(body.kind) === '' || text(body.apiVersion) === '');
  if (nameless !== undefined)
    return `document ${nameless.document} is no object of Kubernetes: apiVersion and kind are missing`;
  const named = all.map(({ document, body }) => ({ ...nameOf(document, body), body }));
  const ours = named.filter(isOurs);
  if (ours.length === 0)
    return `there is no GKEIPRoute and no Gateway in the manifest: it holds ${[...new Set(named.map(({ kind }) => kind))].join(', ')}`;
  if (ours.length > mostObjects)
    return `the manifest holds ${ours.length} GKEIPRoutes and Gateways, and a plan looks at ${mostObjects}: split it`;
  const judged = ours.map((one, i) => ({ ...one, problems: faultsOf(one, ours.slice(0, i), namespace) }));
  const sound = judged.filter(({ problems }) => problems.length === 0);
  const namespaces = named.filter(
    ({ apiVersion, kind, name }) => apiVersion === 'v1' && kind === 'Namespace' && isPlace({ name }),
  );
  const bodiesOf = (kind: string) => sound.filter((one) => one.kind === kind).map(({ body }) => body);
  return {
    routes: bodiesOf('GKEIPRoute').map(toRoute),
    gateways: bodiesOf('Gateway').map(toGateway),
    namespaces: namespaces.map(({ body }) =>
      toNamespace({ ...body, metadata: { ...object(body.metadata), namespace: '' } }),
    ),
    ours: sound.map(({ problems: _, ...one }) => one),
    unreadable: judged.filter(({ problems }) => problems.length > 0).map(({ body: _, ...one }) => one),
    others: named
      .filter((one) => !isOurs(one) && !namespaces.includes(one))
      .map(({ body: _, ...one }) => one),
  };
};

const placed = (body: Json, namespace = 'default'): Json => {
  const metadata = body.metadata;
  return typeof metadata === 'object' && metadata !== null && !('namespace' in metadata)
    ? { ...body, metadata: { ...metadata, namespace } }
    : body;
};

const nameOf = (document: number, body: Json): DocumentName => {
  const metadata = object(body.metadata);
  return {
    document,
    apiVersion: text(body.apiVersion),
    kind: text(body.kind),
    namespace: text(metadata.namespace),
    name: text(metadata.name),
  };
};

const served = {
  GKEIPRoute: { group: 'networking.gke.io', versions: ['v1'], schema: RouteManifest },
  Gateway: { group: 'gateway.networking.k8s.io', versions: ['v1', 'v1beta1'], schema: GatewayManifest },
} as const;

type Kind = keyof typeof served;

const isOurs = <N extends DocumentName>(one: N): one is N & { readonly kind: Kind } =>
  Object.hasOwn(served, one.kind) && one.apiVersion.split('/')[0] === served[one.kind as Kind].group;

const faultsOf = (
  one: DocumentName & { readonly kind: Kind; readonly body: Json },
  before: readonly DocumentName[],
  namespace: string | undefined,
): readonly FieldProblem[] => {
  const { group, versions, schema } = served[one.kind];
  const apiVersions = versions.map((version) => `${group}/${version}`);
  if (!apiVersions.includes(one.apiVersion))
    return [
      { field: 'apiVersion', problem: `write ${apiVersions.join(' or ')}: ${one.apiVersion} is not served` },
    ];
  const problems = [...problemsOf(schema, one.body)];
  if (namespace !== undefined && one.namespace !== namespace)
    problems.push({
      field: 'metadata.namespace',
      problem: `is ${one.namespace}, and namespace ${namespace} was asked for: leave one of them out`,
    });
  const twin = before.find((other) => sameObject(other, one));
  if (twin !== undefined)
    problems.push({
      field: 'metadata.name',
      problem: `is that of document ${twin.document}, too: remove one`,
    });
  return problems;
};

const sameObject = (a: DocumentName, b: DocumentName): boolean =>
  a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
