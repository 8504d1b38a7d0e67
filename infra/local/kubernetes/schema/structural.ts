import { type Cause, forbiddenField, invalidValue, required } from '../objects/cause.ts';
import { isObject } from '../objects/object.ts';
import type { Structure } from './structure.ts';

type Level = 'root' | 'item' | 'field';

const untyped: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

const typeCauses = (structure: Structure, level: Level, path: string): Cause[] => {
  const { type = '' } = structure;
  if (structure['x-kubernetes-embedded-resource'] === true && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true';
    return [type === '' ? required(`${path}.type`, why) : invalidValue(`${path}.type`, type, why)];
  }
  const free =
    structure['x-kubernetes-int-or-string'] === true ||
    structure['x-kubernetes-preserve-unknown-fields'] === true;
  if (type === '') return free ? [] : [required(`${path}.type`, untyped[level])];
  return level === 'root' && type !== 'object'
    ? [invalidValue(`${path}.type`, type, 'must be object at the root')]
    : [];
};

const mapCauses = (structure: Structure, level: Level, path: string): Cause[] => {
  const { additionalProperties } = structure;
  if (additionalProperties === undefined) return [];
  const field = `${path}.additionalProperties`;
  return [
    ...(level === 'root' ? [forbiddenField(field, 'must not be used at the root')] : []),
    ...(structure['x-kubernetes-embedded-resource'] === true
      ? [forbiddenField(field, 'must not be used if x-kubernetes-embedded-resource is set')]
      : []),
    ...(isObject(additionalProperties)
      ? structuralCauses(additionalProperties as Structure, field, 'field')
      : []),
  ];
};

/**
 * Whether every field of a schema says what it is, so that objects can be pruned by it (apiextensions
 * `pkg/apiserver/schema/validation.go`, validateStructuralInvariants). Schemas inside of allOf, anyOf, oneOf and not only
 * restrict, and need no type.
 */
export const structuralCauses = (structure: Structure, path: string, level: Level = 'root'): Cause[] => [
  ...(structure.type === 'array' && structure.items === undefined
    ? [required(`${path}.items`, 'must be specified')]
    : []),
  ...(structure.items === undefined ? [] : structuralCauses(structure.items, `${path}.items`, 'item')),
  ...Object.entries(structure.properties ?? {}).flatMap(([name, inner]) =>
    structuralCauses(inner, `${path}.properties[${name}]`, 'field'),
  ),
  ...mapCauses(structure, level, path),
  ...typeCauses(structure, level, path),
];
