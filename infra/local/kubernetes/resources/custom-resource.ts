import { type Cause, invalidValue, required } from '../objects/cause.ts';
import {
  type Json,
  type JsonObject,
  type KubeObject,
  list,
  record,
  same,
  text,
  timestamp,
} from '../objects/object.ts';
import { ruleFaults } from '../schema/rule-definitions.ts';
import { structuralCauses } from '../schema/structural.ts';
import type { Structure } from '../schema/structure.ts';
import { type PathColumn, pathColumns } from '../tables/columns.ts';
import type { Resource, Subresource } from './resource.ts';

/** A definition goes after all of its objects (apiextensions `pkg/controller/finalizer`). */
export const definitionFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

interface Version {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly structure: Structure | undefined;
  readonly subresources: JsonObject;
  readonly columns: readonly PathColumn[];
}

const versionsOf = (definition: JsonObject): Version[] =>
  list(record(definition.spec).versions).map((entry) => {
    const version = record(entry);
    const structure = record(version.schema).openAPIV3Schema;
    return {
      name: text(version.name) ?? '',
      served: version.served === true,
      storage: version.storage === true,
      structure: structure === undefined ? undefined : (structure as unknown as Structure),
      subresources: record(version.subresources),
      columns: pathColumns(version),
    };
  });

/** The schemas with their paths. One that all versions share is named as if it stood once, above them (conversion of v1). */
const schemasOf = (versions: readonly Version[]): [path: string, structure: Structure | undefined][] => {
  const structures = versions.map(({ structure }) => structure as unknown as Json | undefined);
  const [first] = versions;
  if (first?.structure !== undefined && structures.every((structure) => same(structure, structures[0]))) {
    return [['spec.validation.openAPIV3Schema', first.structure]];
  }
  return versions.map(({ structure }, at) => [`spec.versions[${at}].schema.openAPIV3Schema`, structure]);
};

/** What a CustomResourceDefinition must say (apiextensions `pkg/apis/apiextensions/validation`). */
const checkDefinition = (definition: KubeObject): Cause[] => {
  const spec = record(definition.spec);
  const names = record(spec.names);
  const causes: Cause[] = [];
  for (const [field, value] of [
    ['spec.group', spec.group],
    ['spec.scope', spec.scope],
    ['spec.names.plural', names.plural],
    ['spec.names.kind', names.kind],
  ] as const) {
    if (text(value) === undefined) causes.push(required(field));
  }
  const wanted = `${text(names.plural) ?? ''}.${text(spec.group) ?? ''}`;
  if (definition.metadata.name !== wanted) {
    causes.push(
      invalidValue('metadata.name', definition.metadata.name, 'must be spec.names.plural+"."+spec.group'),
    );
  }
  const versions = versionsOf(definition);
  if (versions.filter(({ storage }) => storage).length !== 1) {
    causes.push(
      invalidValue('spec.versions', spec.versions, 'must have exactly one version marked as storage version'),
    );
  }
  for (const [path, structure] of schemasOf(versions)) {
    if (structure === undefined) causes.push(required(path, 'schemas are required'));
    else {
      const faults = structuralCauses(structure, path);
      // Rules are compiled for schemas that say what everything is.
      causes.push(...(faults.length > 0 ? faults : ruleFaults(structure, path)));
    }
  }
  return causes;
};

/** A definition's names are accepted and it is established at once: nothing else here could claim its names. */
const completeDefinition = (definition: JsonObject, old: KubeObject | undefined): void => {
  const spec = record(definition.spec);
  const names = record(spec.names);
  const kind = text(names.kind) ?? '';
  names.singular ??= kind.toLowerCase();
  names.listKind ??= `${kind}List`;
  spec.conversion ??= { strategy: 'None' };
  if (old !== undefined) return;
  definition.metadata = { ...record(definition.metadata), finalizers: [definitionFinalizer] };
  const since = text(record(definition.metadata).creationTimestamp) ?? timestamp(new Date(0));
  definition.status = {
    conditions: [
      ['NamesAccepted', 'NoConflicts', 'no conflicts found'],
      ['Established', 'InitialNamesAccepted', 'the initial names have been accepted'],
    ].map(([type = '', reason = '', message = '']) => ({
      type,
      status: 'True',
      lastTransitionTime: since,
      reason,
      message,
    })),
    acceptedNames: names,
    storedVersions: versionsOf(definition).flatMap(({ name, storage }) => (storage ? [name] : [])),
  };
};

export const customResourceDefinitions: Resource = {
  group: 'apiextensions.k8s.io',
  versions: ['v1'],
  storage: 'v1',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  kind: 'CustomResourceDefinition',
  shortNames: ['crd', 'crds'],
  namespaced: false,
  subresources: ['status'],
  custom: false,
  generation: true,
  complete: completeDefinition,
  check: checkDefinition,
};

/** The resource that a definition defines. */
export const resourceOf = (definition: KubeObject): Resource => {
  const spec = record(definition.spec);
  const names = record(spec.names);
  const versions = versionsOf(definition);
  const stored = versions.find(({ storage }) => storage);
  const subresources: Subresource[] = versions.some((version) => version.subresources.status !== undefined)
    ? ['status']
    : [];
  return {
    group: text(spec.group) ?? '',
    versions: versions.filter(({ served }) => served).map(({ name }) => name),
    storage: stored?.name ?? '',
    plural: text(names.plural) ?? '',
    singular: text(names.singular) ?? '',
    kind: text(names.kind) ?? '',
    shortNames: list(names.shortNames).filter((name): name is string => typeof name === 'string'),
    categories: list(names.categories).filter((name): name is string => typeof name === 'string'),
    columns: Object.fromEntries(versions.map(({ name, columns }) => [name, columns])),
    namespaced: spec.scope === 'Namespaced',
    subresources,
    custom: true,
    generation: true,
    structures: Object.fromEntries(
      versions.flatMap(({ name, structure }) => (structure === undefined ? [] : [[name, structure]])),
    ),
  };
};
