import { isObject, type Json } from '../objects/object.ts';

/**
 * The lists of built-in kinds that merge, by field, with the key of their items: the `patchMergeKey` of
 * `k8s.io/api` core/v1, apps/v1 and admissionregistration/v1. Lists that are not here (containerStatuses, taints, tolerations) are one value.
 */
export const mergeKeys: Readonly<Record<string, string>> = {
  addresses: 'type',
  conditions: 'type',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  hostAliases: 'ip',
  hostIPs: 'ip',
  imagePullSecrets: 'name',
  initContainers: 'name',
  matchConditions: 'name',
  ownerReferences: 'uid',
  podIPs: 'ip',
  ports: 'containerPort',
  secrets: 'name',
  topologySpreadConstraints: 'topologyKey',
  variables: 'name',
  volumeDevices: 'devicePath',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

/** The key of a list's items; the ports of a Service have another than those of a container. */
export const mergeKeyOf = (field: string, items: readonly Json[]): string | undefined =>
  field === 'ports' && items.some((item) => isObject(item) && item.port !== undefined)
    ? 'port'
    : mergeKeys[field];

/** Lists of plain values that merge as sets. */
export const mergedSets: ReadonlySet<string> = new Set(['finalizers', 'podCIDRs']);
