import { parseAllDocuments } from 'yaml';
import { isObject, type JsonObject, record, text } from './objects/object.ts';
import { patchTypes } from './patch/patch.ts';
import type { Catalog } from './resources/catalog.ts';
import { apiVersionOf } from './resources/resource.ts';

/** Sends a request as a client would. */
export type Send = (
  method: string,
  path: string,
  body: JsonObject,
  contentType: string,
) => { code: number; body: JsonObject };

const documentsOf = (yaml: string): JsonObject[] =>
  parseAllDocuments(yaml).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const object: unknown = document.toJS();
    return isObject(object) ? [object] : [];
  });

/** The path of the collection that an object of a manifest belongs to, and its name. */
const placeOf = (catalog: Catalog, object: JsonObject): { path: string; name: string } => {
  const apiVersion = text(object.apiVersion) ?? '';
  const kind = text(object.kind) ?? '';
  const found = catalog.ofKind(apiVersion, kind);
  if (found === undefined)
    throw new Error(`no kind ${kind} in ${apiVersion} is served: is its CRD installed?`);
  const { resource, version } = found;
  const metadata = record(object.metadata);
  const root = resource.group === '' ? '/api/v1' : `/apis/${apiVersionOf(resource.group, version)}`;
  const space = resource.namespaced ? `/namespaces/${text(metadata.namespace) ?? 'default'}` : '';
  return { path: `${root}${space}/${resource.plural}`, name: text(metadata.name) ?? '' };
};

/**
 * Creates every object of a manifest, or merges it into the one that is there: what `kubectl apply` amounts to
 * for a manifest that only grows.
 * @returns the objects as stored
 * @throws Error with the Status' message for the first object that is refused; those before it stay
 */
export const applyManifest = (catalog: Catalog, yaml: string, send: Send): JsonObject[] =>
  documentsOf(yaml).map((object) => {
    const { path, name } = placeOf(catalog, object);
    const created = send('POST', path, object, 'application/json');
    const reply = created.code === 409 ? send('PATCH', `${path}/${name}`, object, patchTypes.merge) : created;
    if (reply.code >= 300) {
      throw new Error(text(reply.body.message) ?? `${path}/${name}: ${reply.code}`, { cause: reply.body });
    }
    return reply.body;
  });
