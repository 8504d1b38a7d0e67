import type { Target } from '../cluster.ts';
import { noSuchPath, notFound, notServed, qualified } from '../objects/status.ts';
import type { Catalog } from '../resources/catalog.ts';
import type { Subresource } from '../resources/resource.ts';
import { isKnownButUnserved } from './known.ts';
import type { ApiPath } from './path.ts';

const subresourcesElsewhere = new Set([
  'attach',
  'ephemeralcontainers',
  'exec',
  'finalize',
  'log',
  'portforward',
  'proxy',
  'resize',
]);

/**
 * What a path is about, or `undefined` when no such path is served: the API server then answers a plain
 * `404 page not found` without a Status, and that is how a client knows that a CRD is not installed.
 * @throws StatusError 404 for a subresource that there is not, 501 for what the real API server has and this one has not
 */
export const route = (catalog: Catalog, path: string, api: ApiPath | undefined): Target | undefined => {
  if (api === undefined) {
    if (isKnownButUnserved(path, api)) throw notServed(path);
    return undefined;
  }
  const resource = catalog.find(api.group, api.version, api.resource);
  if (resource === undefined) {
    if (isKnownButUnserved(path, api)) throw notServed(qualified({ group: api.group, plural: api.resource }));
    return undefined;
  }
  // Objects of a namespaced resource live in a namespace; a cluster-scoped one has none in its path.
  if (resource.namespaced ? api.namespace === '' && api.name !== '' : api.namespace !== '') return undefined;
  if (api.subresource !== '' && !(resource.subresources as readonly string[]).includes(api.subresource)) {
    if (subresourcesElsewhere.has(api.subresource)) throw notServed(`${api.resource}/${api.subresource}`);
    throw resource.custom ? notFound(resource, api.name) : noSuchPath();
  }
  return {
    resource,
    version: api.version,
    namespace: api.namespace,
    name: api.name,
    subresource: api.subresource === '' ? undefined : (api.subresource as Subresource),
  };
};
