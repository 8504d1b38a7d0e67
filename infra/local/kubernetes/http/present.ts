import type { Target } from '../cluster.ts';
import { type Json, type JsonObject, type KubeObject, list, record, without } from '../objects/object.ts';
import { badRequest } from '../objects/status.ts';
import { type Resource, resourceKey } from '../resources/resource.ts';
import { type Column, type Printer, pathPrinter } from '../tables/columns.ts';
import { builtinPrinter } from '../tables/printers.ts';
import type { Form } from './accept.ts';

const metaVersion = 'meta.k8s.io/v1';

/** An object as far as every object is alike (metav1.PartialObjectMetadata). */
const partial = ({ metadata }: JsonObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: metaVersion,
  metadata: metadata ?? {},
});

const printerOf = (resource: Resource, version: string): Printer => {
  const columns = resource.columns?.[version];
  if (columns !== undefined) return pathPrinter(columns);
  const printer = builtinPrinter(resourceKey(resource));
  const { view } = resource;
  if (view === undefined) return printer;
  return { ...printer, cells: (object, now) => printer.cells(view.toStored(object) as KubeObject, now) };
};

/** How much of its object a row carries, `includeObject` in a query. @throws StatusError 400 */
const rowObject = (query: URLSearchParams): ((object: KubeObject) => Json) => {
  const included = query.get('includeObject') ?? 'Metadata';
  switch (included) {
    case 'None':
      return () => null;
    case 'Object':
      return (object) => object;
    case '':
    case 'Metadata':
      return partial;
    default:
      throw badRequest(`unrecognized includeObject value: ${JSON.stringify(included)}`);
  }
};

/** Shows objects of one resource in the form a client asked for. */
export interface Presenter {
  /** A single object. @param headers whether a table names its columns: only the first of a watch does */
  one(object: KubeObject, headers?: boolean): JsonObject;
  /** The list that a read made. */
  all(list: JsonObject): JsonObject;
}

/** A typed list says once what its items are; a custom resource has no type to say it. */
const asObjects = ({ custom }: Resource): Presenter => ({
  one: (object) => object,
  all: (objects) =>
    custom
      ? objects
      : {
          ...objects,
          items: (list(objects.items) as JsonObject[]).map((item) => without(item, 'kind', 'apiVersion')),
        },
});

/** The metadata of a list that has a type, where a continuation that there is not goes unsaid. */
const untold = (metadata: Json | undefined): JsonObject => {
  const { continue: next, ...rest } = record(metadata);
  return next === undefined || next === '' ? rest : { ...rest, continue: next };
};

const asMetadata: Presenter = {
  one: partial,
  all: ({ metadata, items }) => ({
    kind: 'PartialObjectMetadataList',
    apiVersion: metaVersion,
    metadata: untold(metadata),
    items: (list(items) as JsonObject[]).map(partial),
  }),
};

const definition = ({ name, type, format = '', description = '', priority = 0 }: Column): JsonObject => ({
  name,
  type,
  format,
  description,
  priority,
});

const asTable = (printer: Printer, query: URLSearchParams, now: Date): Presenter => {
  const carried = rowObject(query);
  const table = (metadata: Json, objects: readonly KubeObject[], headers: boolean): JsonObject => ({
    kind: 'Table',
    apiVersion: metaVersion,
    metadata,
    columnDefinitions: headers ? printer.columns.map(definition) : [],
    rows:
      printer.plain === true && objects.length === 0
        ? null
        : objects.map((object) => ({ cells: printer.cells(object, now), object: carried(object) })),
  });
  return {
    one: (object, headers = true) =>
      table({ resourceVersion: object.metadata.resourceVersion }, [object], headers),
    all: ({ metadata, items }) => table(untold(metadata), list(items) as KubeObject[], true),
  };
};

/** @throws StatusError 400 for a query that no table knows */
export const presenter = (
  form: Form,
  { resource, version }: Target,
  query: URLSearchParams,
  now: Date,
): Presenter => {
  if (form === 'table') return asTable(printerOf(resource, version), query, now);
  return form === 'metadata' ? asMetadata : asObjects(resource);
};

/** The body of an answer in its form. A Status is one in every form, and so is a subresource's object. */
export const present = (body: JsonObject, { resource }: Target, show: Presenter): JsonObject => {
  if (body.kind === resource.kind) return show.one(body as KubeObject);
  return body.kind === `${resource.kind}List` ? show.all(body) : body;
};
