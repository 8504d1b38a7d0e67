import { AddressesClient } from '@google-cloud/compute/build/src/v1/addresses_client.js';
import { FirewallsClient } from '@google-cloud/compute/build/src/v1/firewalls_client.js';
import { ForwardingRulesClient } from '@google-cloud/compute/build/src/v1/forwarding_rules_client.js';
import { GlobalOperationsClient } from '@google-cloud/compute/build/src/v1/global_operations_client.js';
import { InstancesClient } from '@google-cloud/compute/build/src/v1/instances_client.js';
import { NetworkEndpointGroupsClient } from '@google-cloud/compute/build/src/v1/network_endpoint_groups_client.js';
import { RegionBackendServicesClient } from '@google-cloud/compute/build/src/v1/region_backend_services_client.js';
import { RegionOperationsClient } from '@google-cloud/compute/build/src/v1/region_operations_client.js';
import { ZoneOperationsClient } from '@google-cloud/compute/build/src/v1/zone_operations_client.js';
import type { calls, Narrow } from './calls.ts';
import type { RestOptions } from './rest-options.ts';

/** The v1 clients that we call, each made at its first use: a client costs milliseconds. */
export const computeClients = (options: RestOptions) => {
  const lazily =
    <Service extends keyof typeof calls>() =>
    <T>(make: new (options: RestOptions) => T): (() => Narrow<T, Service>) => {
      let client: T | undefined;
      return () => {
        client ??= new make(options);
        return client;
      };
    };
  return {
    addresses: lazily<'google.cloud.compute.v1.Addresses'>()(AddressesClient),
    backendServices: lazily<'google.cloud.compute.v1.RegionBackendServices'>()(RegionBackendServicesClient),
    firewalls: lazily<'google.cloud.compute.v1.Firewalls'>()(FirewallsClient),
    forwardingRules: lazily<'google.cloud.compute.v1.ForwardingRules'>()(ForwardingRulesClient),
    instances: lazily<'google.cloud.compute.v1.Instances'>()(InstancesClient),
    negs: lazily<'google.cloud.compute.v1.NetworkEndpointGroups'>()(NetworkEndpointGroupsClient),
    globalOperations: lazily<'google.cloud.compute.v1.GlobalOperations'>()(GlobalOperationsClient),
    regionOperations: lazily<'google.cloud.compute.v1.RegionOperations'>()(RegionOperationsClient),
    zoneOperations: lazily<'google.cloud.compute.v1.ZoneOperations'>()(ZoneOperationsClient),
  };
};

export type ComputeClients = ReturnType<typeof computeClients>;
