import type { Principal } from '../../identities.ts';
import type { Reply } from '../cluster.ts';
import { entriesOf } from '../discovery/discovery.ts';
import type { Attributes } from '../http/faults.ts';
import type { ApiPath } from '../http/path.ts';
import { invalidValue } from '../objects/cause.ts';
import { type Json, type JsonObject, list, record, text, timestamp } from '../objects/object.ts';
import { invalid } from '../objects/status.ts';
import type { Catalog } from '../resources/catalog.ts';
import { decode } from '../verbs/decode.ts';
import { attributesOf, notAllowed } from './authorize.ts';

/** What a review is made from. */
export interface Reviewing {
  readonly catalog: Catalog;
  readonly user: Principal;
  readonly authorize: (attributes: Attributes) => boolean;
  /** The same for another user: what reviews of others are answered by. */
  readonly authorizeAs: (user: Principal) => (attributes: Attributes) => boolean;
  readonly now: Date;
}

type Review = (given: JsonObject, reviewing: Reviewing) => JsonObject;

const rulesOf = (given: JsonObject, { catalog, user, authorize }: Reviewing): JsonObject => {
  const namespace = text(record(given.spec).namespace) ?? 'default';
  const who = { user: user.name, groups: user.groups };
  const rules = [...catalog.all()].flatMap((served) =>
    entriesOf(served).flatMap(({ name, verbs }) => {
      const [resource = '', subresource = ''] = String(name).split('/', 2);
      const about = { group: served.group, resource, subresource, namespace, name: '', ...who };
      const allowed = list(verbs).filter((verb) => authorize({ ...about, verb: String(verb) }));
      const rule = { verbs: allowed, apiGroups: [served.group], resources: [name ?? ''] };
      return allowed.length === 0 ? [] : [rule];
    }),
  );
  return { status: { resourceRules: rules, nonResourceRules: [], incomplete: false } };
};

const accessOf = (given: JsonObject, { user, authorize }: Reviewing): JsonObject => {
  const spec = record(given.spec);
  const asked = record(spec.resourceAttributes);
  const of = (field: string): string => text(asked[field]) ?? '';
  const allowed =
    // What is no resource is discovery, health and OpenAPI here: open to everybody with a token.
    spec.nonResourceAttributes !== undefined ||
    authorize({
      verb: of('verb'),
      group: of('group'),
      resource: of('resource'),
      subresource: of('subresource'),
      namespace: of('namespace'),
      name: of('name'),
      user: user.name,
      groups: user.groups,
    });
  return { spec, status: { allowed } };
};

/**
 * What another may do. Who asks must be allowed to create the review. Source: `ValidateSubjectAccessReviewSpec` of
 * kube-apiserver (`pkg/apis/authorization/validation`).
 */
const accessOfAnother: Review = (given, reviewing) => {
  const spec = record(given.spec);
  const user: Principal = { name: text(spec.user) ?? '', groups: list(spec.groups).map(String) };
  const one = [spec.resourceAttributes, spec.nonResourceAttributes].filter((about) => about !== undefined);
  const causes = [
    ...(one.length === 1
      ? []
      : [
          invalidValue(
            'spec.resourceAttributes',
            spec.nonResourceAttributes,
            'exactly one of nonResourceAttributes or resourceAttributes must be specified',
          ),
        ]),
    ...(user.name === '' && user.groups.length === 0
      ? [invalidValue('spec.user', user.name, 'at least one of user or group must be specified')]
      : []),
  ];
  const kind = { group: 'authorization.k8s.io', plural: 'subjectaccessreviews', kind: 'SubjectAccessReview' };
  if (causes.length > 0) throw invalid(kind, '', causes);
  return accessOf(given, { ...reviewing, user, authorize: reviewing.authorizeAs(user) });
};

const whoIs: Review = (_, { user }) => ({
  status: { userInfo: { username: user.name, groups: [...user.groups] } },
});

/** By group/version/resource: kind, and how it is answered. */
const reviews: Readonly<Record<string, readonly [kind: string, review: Review]>> = {
  'authentication.k8s.io/v1/selfsubjectreviews': ['SelfSubjectReview', whoIs],
  'authorization.k8s.io/v1/selfsubjectaccessreviews': ['SelfSubjectAccessReview', accessOf],
  'authorization.k8s.io/v1/selfsubjectrulesreviews': ['SelfSubjectRulesReview', rulesOf],
};

const reviewOfAnother = 'authorization.k8s.io/v1/subjectaccessreviews';

/**
 * POST of a review: who the caller is, what it may do, which every authenticated user may ask (the role
 * `system:basic-user`); and what another may do, for whoever may create such reviews. `undefined` for any other request.
 * @throws StatusError 400 for a body of another kind, 403 for a review of another that the caller may not create
 */
export const reviewed = (
  path: ApiPath | undefined,
  verb: string,
  body: () => Json | undefined,
  reviewing: Reviewing,
): Reply | undefined => {
  if (path === undefined || verb !== 'create') return undefined;
  const apiVersion = `${path.group}/${path.version}`;
  const name = `${apiVersion}/${path.resource}`;
  if (name === reviewOfAnother) {
    const attributes = attributesOf(verb, path, reviewing.user);
    if (!reviewing.authorize(attributes)) throw notAllowed(attributes);
  }
  const found: (typeof reviews)[string] | undefined =
    name === reviewOfAnother ? ['SubjectAccessReview', accessOfAnother] : reviews[name];
  if (found === undefined) return undefined;
  const [kind, review] = found;
  const given = decode(body() ?? {}, { apiVersion, kind });
  return {
    code: 201,
    body: {
      kind,
      apiVersion,
      metadata: { creationTimestamp: timestamp(reviewing.now) },
      ...review(given, reviewing),
    },
  };
};
