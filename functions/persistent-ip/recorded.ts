import type { ObjectIdentity } from './names.ts';
import { read } from './ownership.ts';

/** Whose a resource's description, or a NEG's annotation, says that it is. */
export interface Recorded {
  readonly kind: 'route' | 'gateway';
  readonly deployment: string;
  readonly clusterUid: string;
  readonly identity: ObjectIdentity;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The ownership record of a description, if every field of it is there; `undefined` for anything else. */
export const recordedIn = (description: string | undefined): Recorded | undefined => {
  const { deployment, cluster, route, gateway } = read(description ?? '') ?? {};
  const { uid: clusterUid, project, location, name: clusterName } = cluster ?? {};
  const { namespace, name, uid } = route ?? gateway ?? {};
  const isWhole =
    isText(deployment) &&
    isText(clusterUid) &&
    isText(project) &&
    isText(location) &&
    isText(clusterName) &&
    isText(namespace) &&
    isText(name) &&
    isText(uid);
  return isWhole
    ? {
        kind: route === undefined ? 'gateway' : 'route',
        deployment,
        clusterUid,
        identity: { cluster: { project, location, name: clusterName }, namespace, name, uid },
      }
    : undefined;
};

/** Whether a description is this object's record to the letter, with its own and its cluster's names. */
export const isRecordOf = (owner: Recorded, description: string | undefined): boolean => {
  const recorded = recordedIn(description);
  return recorded !== undefined && fieldsOf(recorded) === fieldsOf(owner);
};

const fieldsOf = ({ kind, deployment, clusterUid, identity }: Recorded): string => {
  const { cluster, namespace, name, uid } = identity;
  const { project, location, name: clusterName } = cluster;
  return JSON.stringify([
    ...[kind, deployment, clusterUid],
    ...[project, location, clusterName],
    ...[namespace, name, uid],
  ]);
};
