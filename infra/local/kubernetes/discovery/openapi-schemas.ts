import type { JsonObject } from '../objects/object.ts';
import type { Resource } from '../resources/resource.ts';
import type { Structure } from '../schema/structure.ts';

const described = (type: string, description: string, more: JsonObject = {}): JsonObject => ({
  type,
  description,
  ...more,
});

const texts: JsonObject = { additionalProperties: { type: 'string', default: '' } };

/** ObjectMeta, which no definition describes and every kind has. */
const objectMeta: JsonObject = {
  description: 'ObjectMeta is metadata that all persisted resources must have.',
  type: 'object',
  properties: {
    annotations: described('object', 'Annotations is an unstructured key value map.', texts),
    creationTimestamp: described('string', 'When the object was created; set by the server.', {
      format: 'date-time',
    }),
    deletionGracePeriodSeconds: described('integer', 'Seconds that a graceful deletion may take.', {
      format: 'int64',
    }),
    deletionTimestamp: described('string', 'When the object will be deleted.', { format: 'date-time' }),
    finalizers: described('array', 'Must be empty before the object is deleted.', {
      items: { type: 'string', default: '' },
    }),
    generateName: described('string', 'A prefix of the name, if none is given.'),
    generation: described('integer', 'Counts the changes of the desired state.', { format: 'int64' }),
    labels: described('object', 'Map of string keys and values that selectors select by.', texts),
    name: described('string', 'Unique within a namespace.'),
    namespace: described('string', 'The space within which each name must be unique.'),
    ownerReferences: described('array', 'Objects that this object depends on.', {
      items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    }),
    resourceVersion: described('string', 'The version of this object, for optimistic concurrency.'),
    uid: described('string', 'Unique in time and space; set by the server.'),
  },
};

const metaName = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const ofEveryKind: JsonObject = {
  apiVersion: described(
    'string',
    'APIVersion defines the versioned schema of this representation of an object.',
  ),
  kind: described('string', 'Kind is a string value representing the REST resource this object represents.'),
  metadata: {
    description: "Standard object's metadata.",
    default: {},
    allOf: [{ $ref: `#/components/schemas/${metaName}` }],
  },
};

const anything: Structure = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** `io.gke.networking.v1.GKEIPRoute`: the group from its end, as names of schemas are built. */
const schemaName = ({ group, kind }: Resource, version: string): string => {
  const parts = group === '' ? ['io', 'k8s', 'api', 'core'] : group.split('.').reverse();
  return [...parts, version, kind].join('.');
};

/** The schemas of a document, one a kind. */
export const kindSchemas = (resources: readonly Resource[], version: string): JsonObject => {
  const schemas: JsonObject = { [metaName]: objectMeta };
  for (const resource of resources) {
    const { group, kind } = resource;
    const structure = resource.structures?.[version] ?? {
      ...anything,
      properties: { spec: anything, status: anything },
    };
    schemas[schemaName(resource, version)] = {
      ...(structure as JsonObject),
      properties: { ...(structure.properties as JsonObject | undefined), ...ofEveryKind },
      'x-kubernetes-group-version-kind': [{ group, version, kind }],
    };
  }
  return schemas;
};
