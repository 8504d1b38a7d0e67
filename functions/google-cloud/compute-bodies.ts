import type { CloudStep, Leader, NegRef } from '../persistent-ip/cloud.ts';
import { ownerAnnotation } from './compute-objects.ts';
import { backendServiceUrl, negUrl, networkUrl, subnetworkUrl } from './resource-urls.ts';

/**
 * The bodies of the mutations, exactly as design/google-cloud.md's table has them. No PATCH holds null or an empty
 * list: the client drops both without a word, and the field would stay as it was.
 */
type Step<D extends CloudStep['do']> = Extract<CloudStep, { do: D }>;

/** Where a step's resources live. */
export interface Place {
  readonly project: string;
  readonly region: string;
}

export const negBody = ({ project, region }: Place, step: Step<'create-neg'>) => ({
  name: step.neg.name,
  networkEndpointType: 'GCE_VM_IP',
  network: networkUrl(project, step.network),
  subnetwork: subnetworkUrl(project, region, step.subnetwork),
  annotations: { [ownerAnnotation]: step.description },
});

export const attachBody = (step: Step<'attach'>) => ({
  networkEndpoints: step.instances.map((instance) => ({ instance })),
});

export const newBackendServiceBody = ({ project }: Place, step: Step<'create-backend-service'>) => ({
  name: step.name,
  description: step.description,
  loadBalancingScheme: 'EXTERNAL',
  protocol: 'UNSPECIFIED',
  backends: backends(project, step.backends),
  haPolicy: { fastIPMove: 'DISABLED', leader: leader(project, step.leader) },
});

export const patchedBackendServiceBody = ({ project }: Place, step: Step<'patch-backend-service'>) => ({
  fingerprint: step.fingerprint,
  description: step.description,
  ...(step.backends && step.backends.length > 0 && { backends: backends(project, step.backends) }),
  ...(step.leader && { haPolicy: { leader: leader(project, step.leader) } }),
});

export const forwardingRuleBody = ({ project, region }: Place, step: Step<'create-forwarding-rule'>) => ({
  name: step.name,
  description: step.description,
  IPAddress: step.ip,
  IPProtocol: 'L3_DEFAULT',
  allPorts: true,
  loadBalancingScheme: 'EXTERNAL',
  // The address's tier, which pools take only as Premium; a project's default may be another.
  networkTier: 'PREMIUM',
  backendService: backendServiceUrl(project, region, step.backendService),
});

export const firewallBody = ({ project }: Place, step: Step<'create-firewall' | 'patch-firewall'>) => ({
  name: step.name,
  description: step.description,
  network: networkUrl(project, step.network),
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
