import { randomUUID } from 'node:crypto';
import type { CloudStep, Leader, NegRef } from '../persistent-ip/cloud.ts';
import type { ComputeClients } from './compute-clients.ts';
import { ownerAnnotation } from './compute-objects.ts';
import { backendServiceUrl, negUrl, networkUrl, subnetworkUrl } from './resource-urls.ts';

/** Where a step's resources live. */
export interface Place {
  readonly project: string;
  readonly region: string;
}

/** An operation that was accepted, by the scope that it is asked about in. */
export interface Accepted {
  readonly name: string;
  readonly scope: { readonly zone: string } | { readonly region: string } | 'global';
}

/** What an accepted call resolves to: the client wraps the operation it got. */
interface Answer {
  readonly name?: string | null;
  readonly latestResponse?: { readonly name?: string | null };
}

/**
 * One step as a function that sends its request. The `requestId` is made here, once a step and at random: it is sent
 * again only when this very request is, and never derived from the intent, because the server does nothing for an
 * id whose request it has completed. Source: design/google-cloud.md, *Concurrency and idempotency*.
 */
export const sender = (
  clients: ComputeClients,
  place: Place,
  step: CloudStep,
  options: () => CallOptions,
): (() => Promise<Accepted>) => {
  const { project, region } = place;
  const requestId = randomUUID();
  const regional = (call: () => Promise<readonly [unknown, ...unknown[]]>) => accepted(call, { region });
  switch (step.do) {
    case 'create-neg':
      return accepted(
        () =>
          clients.negs().insert({
            project,
            zone: step.neg.zone,
            requestId,
            networkEndpointGroupResource: {
              name: step.neg.name,
              networkEndpointType: 'GCE_VM_IP',
              network: networkUrl(project, step.network),
              subnetwork: subnetworkUrl(project, region, step.subnetwork),
              annotations: { [ownerAnnotation]: step.description },
            },
          }),
        { zone: step.neg.zone },
      );
    case 'attach':
      return accepted(
        () =>
          clients.negs().attachNetworkEndpoints({
            project,
            zone: step.neg.zone,
            networkEndpointGroup: step.neg.name,
            requestId,
            networkEndpointGroupsAttachEndpointsRequestResource: {
              networkEndpoints: step.instances.map((instance) => ({ instance })),
            },
          }),
        { zone: step.neg.zone },
      );
    case 'create-backend-service':
      return regional(() =>
        clients.backendServices().insert({
          project,
          region,
          requestId,
          backendServiceResource: {
            name: step.name,
            description: step.description,
            loadBalancingScheme: 'EXTERNAL',
            protocol: 'UNSPECIFIED',
            backends: backends(project, step.backends),
            haPolicy: { fastIPMove: 'DISABLED', leader: leader(project, step.leader) },
          },
        }),
      );
    case 'patch-backend-service':
      return regional(() =>
        clients.backendServices().patch({
          project,
          region,
          backendService: step.name,
          requestId,
          backendServiceResource: {
            fingerprint: step.fingerprint,
            description: step.description,
            ...(step.backends && { backends: backends(project, step.backends) }),
            ...(step.leader && { haPolicy: { leader: leader(project, step.leader) } }),
          },
        }),
      );
    case 'create-forwarding-rule':
      return regional(() =>
        clients.forwardingRules().insert({
          project,
          region,
          requestId,
          forwardingRuleResource: {
            name: step.name,
            description: step.description,
            IPAddress: step.ip,
            IPProtocol: 'L3_DEFAULT',
            allPorts: true,
            loadBalancingScheme: 'EXTERNAL',
            // The address's tier, which pools take only as Premium; a project's default may be another.
            networkTier: 'PREMIUM',
            backendService: backendServiceUrl(project, region, step.backendService),
          },
        }),
      );
    case 'create-firewall':
      return accepted(
        () => clients.firewalls().insert({ project, requestId, firewallResource: firewall(project, step) }),
        'global',
      );
    case 'patch-firewall':
      return accepted(
        () =>
          clients
            .firewalls()
            .patch({ project, firewall: step.name, requestId, firewallResource: firewall(project, step) }),
        'global',
      );
    case 'delete-forwarding-rule':
      return regional(() =>
        clients.forwardingRules().delete({ project, region, forwardingRule: step.name, requestId }),
      );
    case 'delete-firewall':
      return accepted(
        () => clients.firewalls().delete({ project, firewall: step.name, requestId }),
        'global',
      );
    case 'delete-backend-service':
      return regional(() =>
        clients.backendServices().delete({ project, region, backendService: step.name, requestId }),
      );
    case 'delete-neg': {
      const { zone, name } = step.neg;
      return accepted(() => clients.negs().delete({ project, zone, networkEndpointGroup: name, requestId }), {
        zone,
      });
    }
  }
};

const accepted =
  (call: () => Promise<readonly [unknown, ...unknown[]]>, scope: Accepted['scope']) =>
  async (): Promise<Accepted> => {
    const [answer] = await call();
    const { name, latestResponse } = answer as Answer;
    return { name: name ?? latestResponse?.name ?? '', scope };
  };

const backends = (project: string, refs: readonly NegRef[]) =>
  refs.map(({ zone, name }) => ({
    group: negUrl(project, zone, name),
    balancingMode: 'CONNECTION' as const,
  }));

const leader = (project: string, { neg, instance }: Leader) => ({
  backendGroup: negUrl(project, neg.zone, neg.name),
  networkEndpoint: { instance },
});

const firewall = (
  project: string,
  step: Extract<CloudStep, { do: 'create-firewall' | 'patch-firewall' }>,
) => ({
  name: step.name,
  description: step.description,
  network: networkUrl(project, step.network),
  direction: 'INGRESS',
  sourceRanges: [...step.sourceRanges],
  destinationRanges: [...step.destinationRanges],
  ...(step.targetTags.length > 0 && { targetTags: [...step.targetTags] }),
  allowed: [{ IPProtocol: 'all' }],
});
