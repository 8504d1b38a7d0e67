import type { Identities } from '../../identities.ts';
import type { Reply, Target } from '../cluster.ts';
import { type Json, list, record, timestamp } from '../objects/object.ts';
import { decode } from '../verbs/decode.ts';

/**
 * POST of `serviceaccounts/NAME/token` (`kubectl create token`): a token that makes its bearer that account. It says
 * when it ends and does not end before the cloud itself.
 * @throws StatusError 400
 */
export const requestToken = (
  { namespace, name }: Target,
  body: Json | undefined,
  identities: Identities,
  now: Date,
): Reply => {
  const given = decode(body ?? {}, { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' });
  const spec = record(given.spec);
  const expirationSeconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : 3_600;
  const audiences =
    list(spec.audiences).length > 0 ? list(spec.audiences) : ['https://kubernetes.default.svc'];
  const user = `system:serviceaccount:${namespace}:${name}`;
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return {
    code: 201,
    body: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: timestamp(now) },
      spec: { ...spec, audiences, expirationSeconds },
      status: {
        token: identities.tokenOf(user, groups),
        expirationTimestamp: timestamp(new Date(now.getTime() + expirationSeconds * 1_000)),
      },
    },
  };
};
