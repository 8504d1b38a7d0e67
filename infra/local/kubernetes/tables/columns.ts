import {
  isObject,
  type Json,
  type JsonObject,
  type KubeObject,
  list,
  record,
  text,
} from '../objects/object.ts';
import { metadataTexts } from './descriptions.ts';
import { age } from './duration.ts';
import { compilePath } from './json-path.ts';

/** A column of a Table (meta.k8s.io/v1 TableColumnDefinition). */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  /** Above 0: shown by `-o wide` only. */
  readonly priority?: number;
}

/** How the objects of one resource are printed. */
export interface Printer {
  readonly columns: readonly Column[];
  /** Whether the printer is that of kinds without one, which has no rows, not even none, for no objects. */
  readonly plain?: boolean;
  /** One cell a column. Must do with an object that holds nothing: a bookmark's is such. */
  cells(object: KubeObject, now: Date): Json[];
}

export const column = (name: string, type = 'string', priority = 0, format = ''): Column => ({
  name,
  type,
  format,
  priority,
  description: '',
});

export const nameColumn = column('Name', 'string', 0, 'name');
export const ageColumn = column('Age');

export const ageOf = ({ metadata }: KubeObject, now: Date): string => age(metadata.creationTimestamp, now);

const { name: nameText, creationTimestamp: ageText } = metadataTexts;

/** A column of a CustomResourceDefinition: `additionalPrinterColumns`. */
export interface PathColumn extends Column {
  readonly jsonPath: string;
}

/** The columns of one version of a definition; every custom resource has an age. */
export const pathColumns = (version: JsonObject): PathColumn[] => {
  const given = list(version.additionalPrinterColumns).map(record);
  if (given.length === 0)
    return [{ ...column('Age', 'date'), description: ageText, jsonPath: '.metadata.creationTimestamp' }];
  return given.map((entry) => ({
    ...column(text(entry.name) ?? '', text(entry.type), Number(entry.priority ?? 0), text(entry.format)),
    description:
      text(entry.description) ??
      `Custom resource definition column (in JSONPath format): ${text(entry.jsonPath) ?? ''}`,
    jsonPath: text(entry.jsonPath) ?? '',
  }));
};

const shown = (value: Json, type: string, now: Date): Json => {
  if (type === 'date') return age(value, now);
  if (type === 'string') {
    return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value ?? '');
  }
  return typeof value === type || (type === 'integer' && typeof value === 'number') ? value : null;
};

/** Of a path that finds more than one value the first is shown (apiextensions `tableconvertor.go`). */
export const pathPrinter = (columns: readonly PathColumn[]): Printer => {
  const compiled = columns.map(({ jsonPath, type }) => ({ find: compilePath(jsonPath), type }));
  return {
    columns: [{ ...nameColumn, description: nameText }, ...columns.map(({ jsonPath: _, ...rest }) => rest)],
    cells: (object, now) => [
      object.metadata.name ?? '',
      ...compiled.map(({ find, type }) => {
        const [first] = find(object);
        return first === undefined ? null : shown(first, type, now);
      }),
    ],
  };
};
