import type { JsonObject } from '../objects/object.ts';
import type { Catalog } from '../resources/catalog.ts';
import { apiVersionOf, type Resource } from '../resources/resource.ts';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
const ofSubresource: Readonly<Record<string, JsonObject>> = {
  status: { verbs: ['get', 'patch', 'update'] },
  scale: { ...scale, verbs: ['get', 'patch', 'update'] },
  binding: { kind: 'Binding', verbs: ['create'] },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] },
};

/** APIResource entries: the resource itself, and each of its subresources. */
export const entriesOf = (resource: Resource): JsonObject[] => {
  const { plural, singular, namespaced, kind, shortNames, categories = [], subresources } = resource;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(shortNames.length === 0 ? {} : { shortNames: [...shortNames] }),
      ...(categories.length === 0 ? {} : { categories: [...categories] }),
    },
    ...subresources.map((name) => ({
      name: `${plural}/${name}`,
      singularName: '',
      namespaced,
      kind,
      ...ofSubresource[name],
    })),
  ];
};

const review = (kind: string): JsonObject => ({
  name: `${kind.toLowerCase()}s`,
  singularName: kind.toLowerCase(),
  namespaced: false,
  kind,
  verbs: ['create'],
});

/** Groups in version v1 that hold no objects: what is posted there is only answered. */
const reviews: Readonly<Record<string, readonly JsonObject[]>> = {
  'authentication.k8s.io': [review('SelfSubjectReview')],
  'authorization.k8s.io': [
    review('SelfSubjectAccessReview'),
    review('SelfSubjectRulesReview'),
    review('SubjectAccessReview'),
  ],
};

/** Groups with their versions, the preferred one first. */
export const groupsOf = (catalog: Catalog): Map<string, Set<string>> => {
  const groups = new Map(Object.keys(reviews).map((group) => [group, new Set(['v1'])]));
  for (const { group, versions } of catalog.all()) {
    const known = groups.get(group) ?? new Set<string>();
    for (const version of versions) known.add(version);
    groups.set(group, known);
  }
  return groups;
};

const groupOf = (name: string, versions: ReadonlySet<string>): JsonObject => {
  const entries = [...versions].map((version) => ({ groupVersion: apiVersionOf(name, version), version }));
  return { name, versions: entries, preferredVersion: entries[0] ?? null };
};

/** An APIResourceList, or `undefined` when the version is not served. */
export const resourcesOf = (catalog: Catalog, group: string, version: string): JsonObject | undefined => {
  const served = [...catalog.all()].filter(
    (resource) => resource.group === group && resource.versions.includes(version),
  );
  const resources = served.flatMap(entriesOf);
  if (version === 'v1') resources.push(...(reviews[group] ?? []));
  if (resources.length === 0) return undefined;
  const groupVersion = apiVersionOf(group, version);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
};

/**
 * What is served, in the form that clients of any age read: `/api`, `/apis`, a group, or the resources of one
 * version. `undefined` for a path that is none of these, or names a group that is not served.
 */
export const discovery = (catalog: Catalog, path: string): JsonObject | undefined => {
  const parts = path.split('/').filter((part) => part !== '');
  const [root, group = '', version = '', ...rest] = parts;
  if (rest.length > 0) return undefined;
  if (root === 'api') {
    if (group === '') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
    return version === '' ? resourcesOf(catalog, '', group) : undefined;
  }
  if (root !== 'apis') return undefined;
  const groups = groupsOf(catalog);
  groups.delete('');
  if (group === '') {
    const all = [...groups].map(([name, versions]) => groupOf(name, versions));
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: all };
  }
  if (version !== '') return resourcesOf(catalog, group, version);
  const versions = groups.get(group);
  return versions === undefined
    ? undefined
    : { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, versions) };
};
