import { list, object, text, textList } from '../../../../../functions/kubernetes/read.ts';
import type { Manifest } from '../../../install-cluster/manifests.ts';
import { CannotLook, counted, type Finding, failed, ok, some, unknown } from '../finding.ts';
import { type Caller, type ClusterGround, installCommand } from '../ground.ts';

/** One thing that an account must be allowed, as `resourceAttributes` of a review name it. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly verb: string;
}

/** Every right that the ClusterRoles among these manifests grant. */
export const rightsIn = (manifests: readonly Manifest[]): readonly Right[] =>
  manifests
    .filter(({ kind }) => kind === 'ClusterRole')
    .flatMap(({ rules }) => list(rules).map(object))
    .flatMap((rule) =>
      textList(rule.apiGroups).flatMap((group) =>
        textList(rule.resources).flatMap((of) => {
          const [resource = '', subresource = ''] = of.split('/', 2);
          return textList(rule.verbs).map((verb) => ({ group, resource, subresource, verb }));
        }),
      ),
    );

const titleOf = ({ verb, resource, subresource }: Right): string =>
  `${verb} ${subresource === '' ? resource : `${resource}/${subresource}`}`;

export interface Account {
  readonly email: string;
  /** Who that is, for people: `the functions`. */
  readonly title: string;
  readonly rights: readonly Right[];
}

/** The groups of a Google account at a cluster. */
const groups = ['system:authenticated'];

/**
 * Whether an account may do in the cluster what the install grants it, by asking the API server: about oneself everybody
 * may ask, about another who may create SubjectAccessReviews.
 */
export const lookAtRights = async (
  ground: ClusterGround,
  { email, title, rights }: Account,
  signal: AbortSignal,
): Promise<Finding> => {
  const caller = await ground.caller(signal);
  const answers = await Promise.all(rights.map((right) => mayDo(ground, email, right, caller, signal)));
  const denied = rights.filter((_, index) => answers[index] !== true).map(titleOf);
  if (denied.length > 0) return failed(`${title} (${email}) may not ${some(denied)}`, installCommand(ground));
  return ok(`${title} (${email}) may do all that they need (${counted(rights.length, 'right')})`);
};

const mayDo = async (
  { api }: ClusterGround,
  user: string,
  right: Right,
  caller: Caller,
  signal: AbortSignal,
): Promise<boolean> => {
  const self = caller.name === user;
  const kind = self ? 'SelfSubjectAccessReview' : 'SubjectAccessReview';
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind,
    spec: { resourceAttributes: right, ...(self ? {} : { user, groups }) },
  };
  const path = `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`;
  const { status } = await api.post(path, review, signal).catch((error: unknown) => {
    if (self || !(error instanceof CannotLook) || error.finding.status === 'skipped') throw error;
    throw new CannotLook(
      unknown(
        `nobody told whether ${user} may ${titleOf(right)}: ${error.message}`,
        `ask somebody who may: kubectl auth can-i ${right.verb} ${right.resource}${right.group === '' ? '' : `.${right.group}`} --as ${user}`,
      ),
      { cause: error },
    );
  });
  const { allowed, evaluationError } = object(status);
  if (allowed !== true && text(evaluationError) !== '')
    throw new CannotLook(unknown(`the API server cannot tell: ${text(evaluationError)}`));
  return allowed === true;
};
