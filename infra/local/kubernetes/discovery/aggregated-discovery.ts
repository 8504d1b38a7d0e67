import { type JsonObject, list, record, text } from '../objects/object.ts';
import type { Catalog } from '../resources/catalog.ts';
import { groupsOf, resourcesOf } from './discovery.ts';

const responseKind = (entry: JsonObject, group: string, version: string): JsonObject => ({
  group: entry.group ?? group,
  version: entry.version ?? version,
  kind: entry.kind ?? '',
});

/** Entries of an APIResourceList, with subresources inside of their resources. */
const nested = (entries: readonly JsonObject[], group: string, version: string): JsonObject[] => {
  const found = new Map<string, JsonObject & { subresources: JsonObject[] }>();
  for (const entry of entries) {
    const [resource = '', subresource] = (text(entry.name) ?? '').split('/', 2);
    const kind = responseKind(entry, group, version);
    if (subresource === undefined) {
      found.set(resource, {
        resource,
        responseKind: kind,
        scope: entry.namespaced === true ? 'Namespaced' : 'Cluster',
        singularResource: entry.singularName ?? '',
        verbs: entry.verbs ?? [],
        shortNames: entry.shortNames ?? [],
        categories: entry.categories ?? [],
        subresources: [],
      });
    } else {
      found.get(resource)?.subresources.push({ subresource, responseKind: kind, verbs: entry.verbs ?? [] });
    }
  }
  return [...found.values()];
};

/**
 * `/api` and `/apis` in one answer each, as clients since 1.26 ask (apidiscovery.k8s.io/v2).
 * `undefined` for any other path.
 */
export const aggregatedDiscovery = (catalog: Catalog, path: string): JsonObject | undefined => {
  const root = path.replace(/\/$/, '');
  if (root !== '/api' && root !== '/apis') return undefined;
  const groups = [...groupsOf(catalog)].filter(([group]) => (group === '') === (root === '/api'));
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(([group, versions]) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: [...versions].map((version) => ({
        version,
        freshness: 'Current',
        resources: nested(
          list(record(resourcesOf(catalog, group, version)).resources).map(record),
          group,
          version,
        ),
      })),
    })),
  };
};
