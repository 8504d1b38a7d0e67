import { type JsonObject, text } from '../objects/object.ts';
import { StatusError } from '../objects/status.ts';
import { type FieldSet, pathsOf } from './field-set.ts';

/** The fields that another manager owns and an applied configuration would change. */
export interface Contested {
  /** The other manager's entry of `metadata.managedFields`. */
  readonly entry: JsonObject;
  readonly fields: FieldSet;
}

const managerText = ({ manager, subresource, operation, apiVersion }: JsonObject): string => {
  const by = JSON.stringify(manager ?? '');
  const through =
    text(subresource) === undefined ? by : `${by} with subresource ${JSON.stringify(subresource)}`;
  return operation === 'Update' ? `${through} using ${text(apiVersion) ?? ''}` : through;
};

/** The 409 of an apply, in the API server's words (apimachinery `managedfields/internal/conflict.go`). */
export const applyConflict = (contested: readonly Contested[]): StatusError => {
  const found = contested
    .map(({ entry, fields }) => ({ manager: managerText(entry), paths: pathsOf(fields) }))
    .sort((a, b) => (a.manager < b.manager ? -1 : 1));
  const causes = found.flatMap(({ manager, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field })),
  );
  const [only, ...more] = causes;
  const lines = found.flatMap(({ manager, paths }) => [
    `conflicts with ${manager}:`,
    ...paths.map((path) => `- ${path}`),
  ]);
  const message =
    only !== undefined && more.length === 0
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`;
  return new StatusError(409, 'Conflict', message, { causes });
};
