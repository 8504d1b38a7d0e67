import type { Cause } from '../objects/cause.ts';
import { type JsonObject, type KubeObject, record, without } from '../objects/object.ts';
import type { Structure } from '../schema/structure.ts';
import type { PathColumn } from '../tables/columns.ts';
import { typeOfKind } from '../types/table.ts';
import { writtenAs } from '../types/written.ts';

export type Subresource = 'status' | 'scale' | 'binding' | 'eviction' | 'token';

/** How objects that another resource keeps look through this one. */
export interface View {
  /** The resource that keeps them, whose kind what is invalid is said to be. */
  readonly of: Pick<Resource, 'group' | 'plural' | 'kind' | 'storage'>;
  readonly toStored: (object: JsonObject) => JsonObject;
  readonly fromStored: (object: JsonObject) => JsonObject;
}

/** Everything that the verbs need to know about one resource; one row of the table. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  /** Served versions, the preferred one first; objects are stored in `storage`. */
  readonly versions: readonly string[];
  readonly storage: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly shortNames: readonly string[];
  /** Names that stand for many resources, as `all` does in `kubectl get all`. */
  readonly categories?: readonly string[];
  /** Columns of tables by version; built-in resources have printers instead. */
  readonly columns?: Readonly<Record<string, readonly PathColumn[]>>;
  readonly namespaced: boolean;
  /** Its objects are another resource's; what is checked and kept is in that one's words. */
  readonly view?: View;
  readonly subresources: readonly Subresource[];
  /** Custom resources have no strategic merge patch, and an update of theirs must name a resourceVersion. */
  readonly custom: boolean;
  /** `metadata.generation` counts the changes of what the user asked for. */
  readonly generation: boolean;
  /** PUT of an absent object creates it (registry `AllowCreateOnUpdate`). */
  readonly createOnUpdate?: boolean;
  /** `true`: a create keeps the status it carries (Nodes: the kubelet registers itself whole). */
  readonly statusOnCreate?: boolean;
  /** `true`: a write of /status may also change labels, annotations and finalizers (Pods and Nodes). */
  readonly metadataOnStatus?: boolean;
  /** DELETE answers the deleted object instead of a Status (registry `ReturnDeletedObject`). */
  readonly returnsDeleted?: boolean;
  /** Schema by version: unknown fields are pruned, defaults set, the rest validated. */
  readonly structures?: Readonly<Record<string, Structure>>;
  /** Fills what the server fills: defaults, and on create the first status. Changes `object` in place. */
  readonly complete?: (object: JsonObject, old: KubeObject | undefined) => void;
  /** What an admission plugin adds to a new object, which nobody owns. Changes `object` in place. */
  readonly admit?: (object: JsonObject) => void;
  /** Brings fields that say the same into line, at every write. Changes `object` in place. */
  readonly settle?: (object: JsonObject) => void;
  /**
   * Gives a new or changed object what the registry alone can give and nobody owns: a selector by its uid, what no two
   * of the kind may have. Changes `object` in place.
   * @throws StatusError 422 when it asks for what is taken
   */
  readonly assign?: (object: JsonObject, others: readonly KubeObject[]) => void;
  /** What is wrong with `object`, beyond its schema and its metadata. */
  readonly check?: (object: KubeObject, old: KubeObject | undefined) => Cause[];
}

/** The resource that keeps the objects of this one: itself, unless it is a view. */
export const keeperOf = <R extends Pick<Resource, 'group' | 'plural' | 'view'>>(
  resource: R,
): R | View['of'] => resource.view?.of ?? resource;

/** By which a resource is asked for: one for all its versions. */
export const servedKey = ({ group, plural }: Pick<Resource, 'group' | 'plural'>): string =>
  `${group}/${plural}`;

/** The key of a resource in the store: one for all its versions. */
export const resourceKey = (resource: Pick<Resource, 'group' | 'plural' | 'view'>): string =>
  servedKey(keeperOf(resource));

/** Where the API server keeps what does not stand under the name of its resource. */
const registryFolders: Readonly<Record<string, string>> = {
  '/nodes': 'minions',
  '/services': 'services/specs',
};

/** The key in etcd, which some errors show. */
export const registryKey = ({
  resource,
  namespace,
  name,
}: {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
}): string => {
  const { group, plural, custom } = resource;
  const grouped = custom || group === 'apiextensions.k8s.io';
  const folder = registryFolders[resourceKey(resource)] ?? (grouped ? `${group}/${plural}` : plural);
  return ['/registry', folder, ...(namespace === '' ? [] : [namespace]), name].join('/');
};

export const apiVersionOf = (group: string, version: string): string =>
  group === '' ? version : `${group}/${version}`;

/** `object` as clients of `version` see it: but for views no schema here differs between versions, only the name. */
export const inVersion = (resource: Resource, object: KubeObject, version: string): KubeObject => {
  const apiVersion = apiVersionOf(resource.group, version);
  if (object.apiVersion === apiVersion) return object;
  if (resource.view === undefined) return { ...object, apiVersion };
  const { metadata, ...rest } = resource.view.fromStored(object);
  const type = typeOfKind(apiVersion, resource.kind);
  const written = type === undefined ? rest : without(record(writtenAs(rest, type)), 'metadata');
  return { ...written, metadata, apiVersion } as KubeObject;
};
