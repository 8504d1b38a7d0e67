import { type Cause, forbiddenField, immutable, invalidValue, required } from '../objects/cause.ts';
import { type JsonObject, type KubeObject, record, same, strings } from '../objects/object.ts';
import { badRequest } from '../objects/status.ts';
import type { Resource } from './resource.ts';

const keyForm = /^[-._a-zA-Z0-9]{1,253}$/;
const keyRule =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Maps of text or of bytes: the decoder takes nothing else. @throws StatusError 400 */
const refuseOtherValues = (object: JsonObject, kind: string, texts: string, bytes: string): void => {
  for (const field of [texts, bytes]) {
    for (const value of Object.values(record(object[field]))) {
      if (typeof value !== 'string') {
        throw badRequest(
          `${kind} in version "v1" cannot be handled as a ${kind}: json: cannot unmarshal ${typeof value} into Go struct field ${kind}.${field} of type ${field === bytes ? '[]uint8' : 'string'}`,
        );
      }
      if (field === bytes && !base64.test(value)) {
        throw badRequest(
          `${kind} in version "v1" cannot be handled as a ${kind}: illegal base64 data at input byte ${value.search(/[^A-Za-z0-9+/]/)}`,
        );
      }
    }
  }
};

const keyCauses = (object: KubeObject, ...fields: readonly string[]): Cause[] =>
  fields.flatMap((field) =>
    Object.keys(record(object[field])).flatMap((key) =>
      keyForm.test(key) ? [] : [invalidValue(`${field}[${key}]`, key, keyRule)],
    ),
  );

/** One that says `immutable` keeps what it holds, and that it says so (ValidateConfigMapUpdate, ValidateSecretUpdate). */
const frozenCauses = (object: KubeObject, old: KubeObject | undefined, ...fields: string[]): Cause[] => {
  if (old?.immutable !== true) return [];
  const fixed = object.immutable === true ? [] : ['immutable'];
  const changed = fields.filter((field) => !same(object[field], old[field]));
  return [...fixed, ...changed].map((field) =>
    forbiddenField(field, 'field is immutable when `immutable` is set'),
  );
};

/** What a Secret of a well-known type must hold (core/v1 SecretType). */
const needed: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

/** `stringData` is for writing alone. */
const completeSecret = (secret: JsonObject): void => {
  refuseOtherValues(secret, 'Secret', 'stringData', 'data');
  secret.type ??= 'Opaque';
  const texts = Object.entries(strings(secret.stringData));
  delete secret.stringData;
  if (texts.length === 0) return;
  const encoded = texts.map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  secret.data = { ...record(secret.data), ...Object.fromEntries(encoded) };
};

const checkSecret = (secret: KubeObject, old: KubeObject | undefined): Cause[] => {
  const data = record(secret.data);
  const missing = (needed[String(secret.type)] ?? []).filter((key) => data[key] === undefined);
  return [
    ...keyCauses(secret, 'data'),
    ...missing.map((key) => required(`data[${key}]`)),
    ...(old !== undefined && old.type !== secret.type ? [immutable('type', secret.type)] : []),
    ...frozenCauses(secret, old, 'data'),
  ];
};

const core = {
  group: '',
  versions: ['v1'],
  storage: 'v1',
  namespaced: true,
  custom: false,
  subresources: [],
  generation: false,
} as const;

/** What Pods are configured with. Here it is only kept: no container reads it. */
export const configurationResources: readonly Resource[] = [
  {
    ...core,
    plural: 'configmaps',
    singular: 'configmap',
    kind: 'ConfigMap',
    shortNames: ['cm'],
    complete: (map) => refuseOtherValues(map, 'ConfigMap', 'data', 'binaryData'),
    check: (map, old) => [
      ...keyCauses(map, 'data', 'binaryData'),
      ...frozenCauses(map, old, 'data', 'binaryData'),
    ],
  },
  {
    ...core,
    plural: 'secrets',
    singular: 'secret',
    kind: 'Secret',
    shortNames: [],
    complete: completeSecret,
    check: checkSecret,
  },
  {
    ...core,
    plural: 'serviceaccounts',
    singular: 'serviceaccount',
    kind: 'ServiceAccount',
    shortNames: ['sa'],
    subresources: ['token'],
    returnsDeleted: true,
  },
];
