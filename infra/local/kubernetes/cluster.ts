import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import type { JsonObject, KubeObject } from './objects/object.ts';
import { notFound } from './objects/status.ts';
import type { Catalog } from './resources/catalog.ts';
import { type Resource, resourceKey, type Subresource } from './resources/resource.ts';
import type { Store } from './store/store.ts';

/** What every verb works on. */
export interface Cluster {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly clock: Clock;
  /** For the names and uids that the server makes up. */
  readonly random: Random;
}

/** What a request is about. */
export interface Target {
  readonly resource: Resource;
  /** The version in the request's path: answers are in it. */
  readonly version: string;
  /** Empty for cluster-scoped resources, and for requests over all namespaces. */
  readonly namespace: string;
  /** Empty for a collection. */
  readonly name: string;
  readonly subresource: Subresource | undefined;
}

/** A write, after its object was completed and validated, as policies see it. */
export interface Admission {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly target: Target;
  readonly name: string;
  /** What is to be; nothing when it is deleted. */
  readonly object: JsonObject | undefined;
  /** What was; nothing when it is created. */
  readonly old: JsonObject | undefined;
  readonly dryRun: boolean;
}

/** Options that every write knows. */
export interface WriteOptions {
  /** `dryRun=All`: everything is checked, nothing is stored. */
  readonly dryRun: boolean;
  /** What becomes of a field that nobody knows, after it is dropped: an error, a warning, nothing. */
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  /** The paths of fields that stand twice in the body, of which the last counts. */
  readonly duplicates: readonly string[];
  /** How an object that does not decode is refused, where it is not the body itself but what a patch made of an object. */
  readonly refuse: ((why: string) => Error) | undefined;
  /** Tells the caller what was done nevertheless. */
  readonly warn: (text: string) => void;
  /** Holds the write against the policies of the cluster. @throws StatusError when one denies it */
  readonly admit: (admission: Admission) => void;
  /** Who writes, as `metadata.managedFields` will name them. */
  readonly manager: string;
  /** `force=true`: an apply takes fields that others own. */
  readonly force: boolean;
  /** The subresource that a write came by, where its target is the whole object. */
  readonly through?: Subresource;
}

export interface Reply {
  readonly code: number;
  readonly body: JsonObject;
  /** `application/json` when it is not given. */
  readonly type?: string;
  /** What the caller should know although it was done (RFC 7234, `Warning: 299`). */
  readonly warnings?: readonly string[];
}

export const exists = ({ store }: Cluster, { resource, namespace, name }: Target): boolean =>
  store.get(resourceKey(resource), namespace, name) !== undefined;

/** @throws StatusError 404 that names the object */
export const existing = ({ store }: Cluster, { resource, namespace, name }: Target): KubeObject => {
  const object = store.get(resourceKey(resource), namespace, name);
  if (object === undefined) throw notFound(resource, name);
  return object;
};
