import { type Json, object, texts } from '../../../../../functions/kubernetes/read.ts';
import { readManifests } from '../../../install-cluster/manifests.ts';
import { type Finding, failed, ok, some, warning } from '../finding.ts';
import { type ClusterGround, installCommand } from '../ground.ts';
import { definitionProblem, fieldsOf, lackingFields, versionOf } from './schema.ts';

const name = 'gkeiproutes.networking.gke.io';
const version = 'v1';

/** Fields that GKE's definition got later: without them a route of one of the first kind works. */
const later = /^spec\.(allowGlobalAccess|haPolicy|nodeSelector|loadBalancing)\b/;

const schemaIn = (definition: Json): unknown =>
  object(object(versionOf(definition, version)).schema).openAPIV3Schema;

/** What no function reads. */
const unread = /^spec\.parentRefs\[\]\.port$/;

/** The fields that our own definition has and that are read or written. */
const ourFields = (): ReadonlyMap<string, string> => {
  const [ours] = readManifests({ functions: '' }).crd;
  return new Map(
    [...fieldsOf(schemaIn(object(ours)))].filter(
      ([path]) => /^(spec|status)\b/.test(path) && !unread.test(path),
    ),
  );
};

/** Whether GKEIPRoute is defined, by GKE or by us, with every field that we read and write. */
export const judgeRouteDefinition = (definition: Json | undefined, install: string): Finding => {
  if (definition === undefined) return failed(`${name} is not installed`, install);
  const problem = definitionProblem(definition, version);
  if (problem !== undefined)
    return failed(`${name} ${problem}`, `kubectl describe crd ${name}, then ${install}`);
  const labels = texts(object(definition.metadata).labels);
  const whose =
    labels['app.kubernetes.io/part-of'] === 'persistent-ip'
      ? 'this install’s'
      : 'not of this install (GKE has its own, which does)';
  const lacking = lackingFields(schemaIn(definition), ourFields());
  const needed = lacking.filter((path) => !later.test(path));
  if (needed.length > 0)
    return failed(
      `${name}, ${whose}, lacks ${some(needed)}: the API server drops them`,
      `${install}; if the definition is GKE’s, upgrade the cluster`,
    );
  if (lacking.length > 0)
    return warning(
      `${name}, ${whose}, lacks ${some(lacking)}: routes that use them lose them`,
      'upgrade the cluster; until then use none of these fields',
    );
  return ok(`${name} serves ${version} with every field; it is ${whose}`);
};

export const lookAtRouteDefinition = async (ground: ClusterGround, signal: AbortSignal): Promise<Finding> =>
  judgeRouteDefinition(
    await ground.api.get(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`, signal),
    installCommand(ground),
  );
