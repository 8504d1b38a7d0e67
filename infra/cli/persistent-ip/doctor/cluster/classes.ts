import { findCondition } from '../../../../../functions/persistent-ip/conditions.ts';
import type { GatewayClass } from '../../../../../functions/persistent-ip/objects.ts';
import { readManifests } from '../../../install-cluster/manifests.ts';
import { type Finding, failed, ok, some } from '../finding.ts';
import { type ClusterGround, installCommand } from '../ground.ts';

/** The classes that the install always makes, where it makes them for this controller. */
const always = (controllerName: string): readonly string[] =>
  readManifests({ functions: '' })
    .base.filter(
      ({ kind, spec }) =>
        kind === 'GatewayClass' &&
        (spec as { controllerName?: unknown } | undefined)?.controllerName === controllerName,
    )
    .map(({ metadata }) => metadata.name);

/**
 * Whether the classes that Gateways name are there, ours, and accepted by the functions. What is missing comes before
 * what is another's, and that before what is not accepted.
 */
export const judgeClasses = (
  classes: readonly GatewayClass[],
  controllerName: string,
  install: string,
): Finding => {
  const byName = new Map(classes.map((one) => [one.metadata.name, one]));
  const wanted = always(controllerName);
  const missing = wanted.filter((name) => !byName.has(name));
  if (missing.length > 0) return failed(`there is no GatewayClass ${some(missing)}`, install);
  const foreign = wanted.flatMap((name) => {
    const controller = byName.get(name)?.controllerName;
    return controller === controllerName ? [] : [`${name} belongs to controller ${controller ?? '-'}`];
  });
  if (foreign.length > 0)
    return failed(
      `GatewayClass ${some(foreign)}, not to ${controllerName}`,
      `the controller of a class can never be changed: kubectl delete gatewayclass NAME, then ${install}`,
    );
  const ours = classes.filter((one) => one.controllerName === controllerName);
  if (ours.length === 0)
    return failed(
      `no GatewayClass has the controller ${controllerName}`,
      'make one: infra/kubernetes/gatewayclasses.yaml with your controllerName',
    );
  const unaccepted = ours.flatMap(({ metadata, conditions }) => {
    const accepted = findCondition(conditions, 'Accepted');
    if (accepted?.status === 'True' && accepted.observedGeneration === metadata.generation) return [];
    return [{ name: metadata.name, why: accepted?.status === 'False' ? accepted.message : undefined }];
  });
  if (unaccepted.length === 0) return ok(`${some(ours.map(({ metadata }) => metadata.name))}: Accepted`);
  const [first] = unaccepted;
  const names = some(unaccepted.map(({ name }) => name));
  return failed(
    `GatewayClass ${names} is not Accepted: ${first?.why ?? 'no function has looked at it yet'}`,
    first?.why === undefined
      ? 'persistent-ip sweep; if it stays so, the other lines say what keeps the functions from the cluster'
      : `kubectl get gatewayclass ${first.name} -o yaml`,
  );
};

export const lookAtClasses = async (ground: ClusterGround): Promise<Finding> =>
  judgeClasses(await ground.reads.gatewayClasses(), ground.config.controllerName, installCommand(ground));
