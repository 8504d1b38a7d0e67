import { invalid } from '../errors.ts';
import type { JsonObject } from '../types.ts';

/** https://cloud.google.com/compute/docs/labeling-resources#requirements, of the letters ASCII only. */
const labelKey = /^[a-z][a-z0-9_-]{0,62}$/;
const labelValue = /^[a-z0-9_-]{0,63}$/;
const maxLabels = 64;
const maxDescription = 2048;

const checkLabels = (labels: JsonObject): void => {
  const entries = Object.entries(labels);
  if (entries.length > maxLabels) {
    throw invalid('resource.labels', `${entries.length} labels`, `At most ${maxLabels} labels are allowed.`);
  }
  for (const [key, value] of entries) {
    if (!labelKey.test(key)) {
      throw invalid('resource.labels', key, `Label key '${key}' violates format constraints.`);
    }
    if (typeof value !== 'string' || !labelValue.test(value)) {
      throw invalid('resource.labels', value, `Label value '${String(value)}' violates format constraints.`);
    }
  }
};

/** Rules of fields that resources of several kinds have. @throws ComputeError 400 */
export const checkCommon = (body: object): void => {
  const { description, labels } = body as { description?: string; labels?: JsonObject };
  if (description !== undefined && description.length > maxDescription) {
    const why = `It must be at most ${maxDescription} characters long.`;
    throw invalid('resource.description', `${description.slice(0, 40)}...`, why);
  }
  if (labels !== undefined) checkLabels(labels);
};
