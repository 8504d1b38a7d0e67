import { isDnsLabel, isDnsSubdomain } from '../../events/names.ts';
import { Failure } from '../persistent-ip/failure.ts';
import { type Json, object, text } from './read.ts';

/** Where an object is. */
export interface Place {
  /** Absent for objects of the cluster. */
  readonly namespace?: string;
  readonly name: string;
}

/**
 * Whether an object can be there. A parent's name, for one, may hold any text (the Gateway API checks its length alone),
 * and `..` in a URL is another place. Source: Kubernetes, *Object Names and IDs*.
 */
export const isPlace = ({ namespace, name }: Place): boolean =>
  isDnsSubdomain(name) && (namespace === undefined || isDnsLabel(namespace));

const longestUid = 128;

/** Of a list's items: who it is becomes part of a request, or the URL of a write. */
export const isIdentified = (raw: Json, scope: 'namespaced' | 'cluster'): boolean => {
  const { namespace, name, uid } = object(raw.metadata);
  const known = typeof uid === 'string' && uid !== '' && uid.length <= longestUid;
  return (
    known && isPlace({ name: text(name), ...(scope === 'cluster' ? {} : { namespace: text(namespace) }) })
  );
};

/** @throws Failure where the answer to a question about one object is not that object */
export const checkNamed = (raw: Json, { namespace, name }: Place): Json => {
  const found = object(raw.metadata);
  if (found.name === name && (namespace === undefined || found.namespace === namespace)) return raw;
  throw new Failure('retry', 'UnreadableAnswer', 0, `the API server answers without the object ${name}`);
};
