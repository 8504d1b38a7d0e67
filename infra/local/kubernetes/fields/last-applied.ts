import type { Target } from '../cluster.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  record,
  text,
  without,
} from '../objects/object.ts';
import { apiVersionOf } from '../resources/resource.ts';
import { appliedFields } from './applied-fields.ts';
import { fieldChange } from './field-change.ts';
import { difference, type FieldSet, union } from './field-set.ts';
import { placeOf } from './managed-fields.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

const lastApplied = (object: JsonObject): string | undefined =>
  text(record(record(object.metadata).annotations)[annotation]);

const parsed = (config: string): Json | undefined => {
  try {
    return JSON.parse(config) as Json;
  } catch {
    return undefined;
  }
};

/** What kubectl's client-side apply wrote to an object and is as it was then: nobody else has changed it since. */
export const lastAppliedFields = (live: KubeObject, target: Target): FieldSet => {
  const config = parsed(lastApplied(live) ?? 'null');
  const { resource, version } = target;
  if (!isObject(config) || config.apiVersion !== apiVersionOf(resource.group, version)) return {};
  const place = placeOf(target);
  const { taken, removed } = fieldChange(config, live, place);
  return difference(appliedFields(config, place), union(taken, removed));
};

/** An object that carries kubectl's annotation gets a new one when kubectl applies (`lastappliedupdater.go`). */
export const withLastApplied = (object: JsonObject, config: JsonObject, manager: string): JsonObject => {
  if (manager !== 'kubectl' || lastApplied(object) === undefined) return object;
  const metadata = record(config.metadata);
  const annotations = without(record(metadata.annotations), annotation);
  const value = JSON.stringify({ ...config, metadata: { ...metadata, annotations } });
  const meta = record(object.metadata);
  return {
    ...object,
    metadata: { ...meta, annotations: { ...record(meta.annotations), [annotation]: `${value}\n` } },
  };
};
