import { type Json, list, object, text } from '../../../../../functions/kubernetes/read.ts';

/** The fields of a structural schema, as `spec.addresses[].value`, each with its type. */
export const fieldsOf = (schema: unknown, at = ''): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>();
  const walk = (node: Json, path: string): void => {
    for (const [name, value] of Object.entries(object(node.properties))) {
      const child = path === '' ? name : `${path}.${name}`;
      fields.set(child, text(object(value).type));
      walk(object(value), child);
    }
    if (node.items !== undefined) walk(object(node.items), `${path}[]`);
  };
  walk(object(schema), at);
  return fields;
};

/** The first schema above a field that takes whatever it is given. */
const takesAnything = (schema: unknown, path: string): boolean => {
  let node = object(schema);
  for (const name of path.split('.')) {
    if (node['x-kubernetes-preserve-unknown-fields'] === true) return true;
    const plain = name.replaceAll('[]', '');
    node = object(object(node.properties)[plain]);
    for (let depth = name.split('[]').length - 1; depth > 0; depth -= 1) node = object(node.items);
  }
  return node['x-kubernetes-preserve-unknown-fields'] === true;
};

/** Which of the fields a schema lacks, or has with another type: an API server drops what is in them, or refuses it. */
export const lackingFields = (schema: unknown, wanted: ReadonlyMap<string, string>): readonly string[] => {
  const has = fieldsOf(schema);
  return [...wanted]
    .filter(([path, type]) => {
      const found = has.get(path);
      if (found === undefined) return !takesAnything(schema, path);
      return type !== '' && found !== '' && found !== type;
    })
    .map(([path]) => path);
};

/** A version of a CustomResourceDefinition. */
export const versionOf = (definition: Json, name: string): Json | undefined =>
  list(object(definition.spec).versions)
    .map(object)
    .find((version) => version.name === name);

/** What is wrong with a definition whatever its fields are; `undefined`: nothing. */
export const definitionProblem = (definition: Json, version: string): string | undefined => {
  const established = list(object(definition.status).conditions)
    .map(object)
    .find(({ type }) => type === 'Established');
  if (established?.status !== 'True')
    return `is not established: ${text(established?.message, 'the API server has not said so yet')}`;
  const found = versionOf(definition, version);
  if (found?.served !== true) return `does not serve ${version}`;
  if (object(found.subresources).status === undefined) return `has no status in ${version}`;
  return undefined;
};
