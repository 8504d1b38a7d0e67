import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** How much of a write the audit log holds (audit.k8s.io/v1 Level). */
export type AuditLevel = 'Metadata' | 'Request' | 'RequestResponse';

/** What a policy judges of a request. */
export interface Judged {
  readonly verb: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
}

interface Rule {
  readonly level: AuditLevel | 'None';
  readonly verbs?: readonly string[];
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly resources?: readonly { readonly group?: string; readonly resources?: readonly string[] }[];
}

/** The policy of a GKE cluster, as kube-apiserver takes it. */
export const policyFile = fileURLToPath(new URL('policy.yaml', import.meta.url));

const { rules } = parse(readFileSync(policyFile, 'utf8')) as { readonly rules: readonly Rule[] };

const fits = (rule: Rule, { verb, user, groups, group, resource, subresource }: Judged): boolean => {
  const named = subresource === '' ? resource : `${resource}/${subresource}`;
  return (
    (rule.verbs?.includes(verb) ?? true) &&
    (rule.users?.includes(user) ?? true) &&
    (rule.userGroups?.some((one) => groups.includes(one)) ?? true) &&
    (rule.resources?.some((of) => (of.group ?? '') === group && (of.resources?.includes(named) ?? true)) ??
      true)
  );
};

/** The first rule that fits decides; `undefined` is no entry (apiserver `pkg/audit/policy/checker.go`). */
export const auditLevel = (request: Judged): AuditLevel | undefined => {
  const level = rules.find((rule) => fits(rule, request))?.level;
  return level === 'None' ? undefined : level;
};
