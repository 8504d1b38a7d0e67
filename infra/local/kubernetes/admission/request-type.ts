import type { Structure } from '../schema/structure.ts';

const text: Structure = { type: 'string' };
const record = (...fields: readonly string[]): Structure => ({
  type: 'object',
  properties: Object.fromEntries(fields.map((field) => [field, text])),
});
const texts: Structure = { type: 'array', items: text };

/** The type of `request` (`pkg/admission/plugin/cel/compile.go`, BuildRequestType). */
export const requestStructure: Structure = {
  type: 'object',
  properties: {
    kind: record('group', 'version', 'kind'),
    resource: record('group', 'version', 'resource'),
    subResource: text,
    requestKind: record('group', 'version', 'kind'),
    requestResource: record('group', 'version', 'resource'),
    requestSubResource: text,
    name: text,
    // Not escaped, as the names of schemas are: `request.namespace`.
    namespace: text,
    operation: text,
    userInfo: {
      type: 'object',
      properties: {
        username: text,
        uid: text,
        groups: texts,
        extra: { type: 'object', additionalProperties: texts },
      },
    },
    dryRun: { type: 'boolean' },
    // Of any type, as what may be an integer or a string is to the rules.
    options: { 'x-kubernetes-int-or-string': true },
  },
};
