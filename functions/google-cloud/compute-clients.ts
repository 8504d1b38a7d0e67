import { AddressesClient } from '@google-cloud/compute/build/src/v1/addresses_client.js';
import { FirewallsClient } from '@google-cloud/compute/build/src/v1/firewalls_client.js';
import { ForwardingRulesClient } from '@google-cloud/compute/build/src/v1/forwarding_rules_client.js';
import { GlobalOperationsClient } from '@google-cloud/compute/build/src/v1/global_operations_client.js';
import { InstancesClient } from '@google-cloud/compute/build/src/v1/instances_client.js';
import { NetworkEndpointGroupsClient } from '@google-cloud/compute/build/src/v1/network_endpoint_groups_client.js';
import { RegionBackendServicesClient } from '@google-cloud/compute/build/src/v1/region_backend_services_client.js';
import { RegionOperationsClient } from '@google-cloud/compute/build/src/v1/region_operations_client.js';
import { ZoneOperationsClient } from '@google-cloud/compute/build/src/v1/zone_operations_client.js';
import type { RestOptions } from './rest-options.ts';

/** The v1 clients that we call, each made at its first use: a client costs tens of milliseconds. */
export const computeClients = (options: RestOptions) => {
  const lazily = <T>(make: new (options: RestOptions) => T): (() => T) => {
    let client: T | undefined;
    return () => {
      client ??= new make(options);
      return client;
    };
  };
  return {
    addresses: lazily(AddressesClient),
    backendServices: lazily(RegionBackendServicesClient),
    firewalls: lazily(FirewallsClient),
    forwardingRules: lazily(ForwardingRulesClient),
    instances: lazily(InstancesClient),
    negs: lazily(NetworkEndpointGroupsClient),
    globalOperations: lazily(GlobalOperationsClient),
    regionOperations: lazily(RegionOperationsClient),
    zoneOperations: lazily(ZoneOperationsClient),
  };
};

export type ComputeClients = ReturnType<typeof computeClients>;
