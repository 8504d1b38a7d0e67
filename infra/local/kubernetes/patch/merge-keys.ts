/**
 * The lists of built-in kinds that merge, by field, with the key of their items: the `patchMergeKey` of
 * `k8s.io/api` core/v1 and apps/v1. Lists that are not here (containerStatuses, taints, tolerations) are one value.
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
  ownerReferences: 'uid',
  podIPs: 'ip',
  ports: 'containerPort',
  topologySpreadConstraints: 'topologyKey',
  volumeDevices: 'devicePath',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

/** Lists of plain values that merge as sets. */
export const mergedSets: ReadonlySet<string> = new Set(['finalizers', 'podCIDRs']);
