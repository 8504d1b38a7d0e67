import { createHash } from 'node:crypto';
import { serverVersion } from '../http/answer.ts';
import type { JsonObject } from '../objects/object.ts';
import type { Catalog } from '../resources/catalog.ts';
import { apiVersionOf, type Resource } from '../resources/resource.ts';
import { kindSchemas } from './openapi-schemas.ts';

const query = (name: string): JsonObject => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
});

/** A write names `fieldValidation`: by that kubectl knows that the server finds unknown fields. */
const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'].map(query);
const readParameters = ['fieldSelector', 'labelSelector', 'limit', 'resourceVersion', 'watch'].map(query);

const operation = (
  resource: Resource,
  version: string,
  action: string,
  parameters: JsonObject[],
): JsonObject => ({
  operationId: `${action}${resource.kind}`,
  parameters,
  responses: { '200': { description: 'OK' } },
  'x-kubernetes-action': action,
  'x-kubernetes-group-version-kind': { group: resource.group, version, kind: resource.kind },
});

const pathsOf = (resource: Resource, version: string): [string, JsonObject][] => {
  const { group, plural, namespaced } = resource;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const collection = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
  const op = (action: string, parameters = writeParameters): JsonObject =>
    operation(resource, version, action, parameters);
  return [
    [collection, { get: op('list', readParameters), post: op('post') }],
    [
      `${collection}/{name}`,
      { get: op('get', []), put: op('put'), patch: op('patch'), delete: op('delete') },
    ],
  ];
};

/** The versions of groups that have resources, as the paths of `/openapi/v3` name them. */
const documentsOf = (catalog: Catalog): Map<string, { version: string; resources: Resource[] }> => {
  const found = new Map<string, { version: string; resources: Resource[] }>();
  for (const resource of catalog.all()) {
    for (const version of resource.versions) {
      const key = `${resource.group === '' ? 'api' : 'apis'}/${apiVersionOf(resource.group, version)}`;
      const known = found.get(key) ?? { version, resources: [] };
      known.resources.push(resource);
      found.set(key, known);
    }
  }
  return found;
};

const documentOf = ({ version, resources }: { version: string; resources: Resource[] }): JsonObject => ({
  openapi: '3.0.0',
  info: { title: 'Kubernetes', version: serverVersion.gitVersion ?? '' },
  paths: Object.fromEntries(resources.flatMap((resource) => pathsOf(resource, version))),
  components: { schemas: kindSchemas(resources, version) },
});

/** The documents of all versions of all groups. */
export const openApiDocuments = (catalog: Catalog): JsonObject[] =>
  [...documentsOf(catalog).values()].map(documentOf);

const hashOf = (document: JsonObject): string =>
  createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 32).toUpperCase();

/**
 * `/openapi/v3`: an index, and a document for each version of a group, with the schemas of custom resources as
 * their definitions give them. Built-in kinds are only named: what they hold is not described here.
 * `undefined` for any other path.
 */
export const openApi = (catalog: Catalog, path: string): JsonObject | undefined => {
  const found = /^\/openapi\/v3(?:\/(?<key>.+))?\/?$/.exec(path)?.groups;
  if (found === undefined) return undefined;
  const documents = documentsOf(catalog);
  if (found.key !== undefined) {
    const document = documents.get(found.key);
    return document === undefined ? undefined : documentOf(document);
  }
  const paths = [...documents].map(([key, document]) => [
    key,
    { serverRelativeURL: `/openapi/v3/${key}?hash=${hashOf(documentOf(document))}` },
  ]);
  return { paths: Object.fromEntries(paths) };
};
