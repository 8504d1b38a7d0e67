import type { CloudStep, Leader, NegRef, Reach } from '../persistent-ip/cloud.ts';
import { ownerAnnotation } from './compute-objects.ts';
import { backendServiceUrl, delegatedPrefixUrl, negUrl, networkUrl, subnetworkUrl } from './resource-urls.ts';

/**
 * The bodies of the mutations, exactly as design/google-cloud.md's table has them. No PATCH holds null or an empty
 * list: the client drops both without a word, and the field would stay as it was.
 */
type Step<D extends CloudStep['do']> = Extract<CloudStep, { do: D }>;

/** Where a step's resources live. */
export interface Place {
  readonly project: string;
  /** Of networks, subnetworks and firewall rules. */
  readonly networkProject: string;
  readonly region: string;
}

export const negBody = ({ networkProject, region }: Place, step: Step<'create-neg'>) => ({
  name: step.neg.name,
  networkEndpointType: 'GCE_VM_IP',
  network: networkUrl(networkProject, step.network),
  subnetwork: subnetworkUrl(networkProject, region, step.subnetwork),
  annotations: { [ownerAnnotation]: step.description },
});

export const endpointsBody = (step: Step<'attach' | 'detach'>) => ({
  networkEndpoints: step.instances.map((instance) => ({ instance })),
});

export const newBackendServiceBody = (
  { project, networkProject }: Place,
  step: Step<'create-backend-service'>,
) => ({
  name: step.name,
  description: step.description,
  loadBalancingScheme: step.scheme,
  protocol: 'UNSPECIFIED',
  // An external one must not name its network.
  ...(step.scheme === 'INTERNAL' && { network: networkUrl(networkProject, step.network) }),
  backends: backends(project, step.backends),
  haPolicy: { fastIPMove: 'DISABLED', leader: leader(project, step.leader) },
});

export const patchedBackendServiceBody = ({ project }: Place, step: Step<'patch-backend-service'>) => ({
  fingerprint: step.fingerprint,
  description: step.description,
  ...(step.backends && step.backends.length > 0 && { backends: backends(project, step.backends) }),
  ...(step.leader && { haPolicy: { leader: leader(project, step.leader) } }),
});

export const forwardingRuleBody = (place: Place, step: Step<'create-forwarding-rule'>) => ({
  name: step.name,
  description: step.description,
  IPAddress: step.ip,
  IPProtocol: 'L3_DEFAULT',
  allPorts: true,
  backendService: backendServiceUrl(place.project, place.region, step.backendService),
  ...reach(place, step.reach),
});

const reach = ({ networkProject, region }: Place, to: Reach) =>
  to.scheme === 'EXTERNAL'
    ? { loadBalancingScheme: to.scheme, networkTier: to.networkTier }
    : {
        loadBalancingScheme: to.scheme,
        network: networkUrl(networkProject, to.network),
        subnetwork: subnetworkUrl(networkProject, region, to.subnetwork),
        ...(to.allowGlobalAccess && { allowGlobalAccess: true }),
      };

export const patchedForwardingRuleBody = (step: Step<'patch-forwarding-rule'>) => ({
  fingerprint: step.fingerprint,
  allowGlobalAccess: step.allowGlobalAccess,
});

export const addressBody = (
  { project, networkProject, region }: Place,
  { name, description, from }: Step<'reserve-address'>,
) =>
  from.scheme === 'EXTERNAL'
    ? {
        name,
        description,
        addressType: from.scheme,
        networkTier: 'PREMIUM',
        ...(from.ipCollection !== undefined && {
          ipCollection: delegatedPrefixUrl(project, region, from.ipCollection),
        }),
      }
    : {
        name,
        description,
        addressType: from.scheme,
        subnetwork: subnetworkUrl(networkProject, region, from.subnetwork),
      };

export const firewallBody = (
  { networkProject }: Place,
  step: Step<'create-firewall' | 'patch-firewall'>,
) => ({
  name: step.name,
  description: step.description,
  network: networkUrl(networkProject, step.network),
  direction: 'INGRESS',
  sourceRanges: [...step.sourceRanges],
  destinationRanges: [...step.destinationRanges],
  ...(step.targetTags.length > 0 && { targetTags: [...step.targetTags] }),
  allowed: [{ IPProtocol: 'all' }],
});

const backends = (project: string, refs: readonly NegRef[]) =>
  refs.map(({ zone, name }) => ({
    group: negUrl(project, zone, name),
    balancingMode: 'CONNECTION' as const,
  }));

const leader = (project: string, { neg, instance }: Leader) => ({
  backendGroup: negUrl(project, neg.zone, neg.name),
  networkEndpoint: { instance },
});
