/**
 * Every method of Google's APIs that is called, by its service. The clients are typed by this list, so that no other call
 * compiles; the bundle holds the descriptors of these methods and of the messages they reach, and no others: the packages'
 * own take two seconds and 300 MB to load. Source: design/architecture.md, *What it must be measured by*.
 */
export const calls = {
  'google.cloud.compute.v1.Addresses': ['delete', 'insert', 'list'],
  'google.cloud.compute.v1.Firewalls': ['delete', 'get', 'insert', 'list', 'update'],
  'google.cloud.compute.v1.ForwardingRules': ['delete', 'insert', 'list', 'patch'],
  'google.cloud.compute.v1.GlobalOperations': ['wait'],
  'google.cloud.compute.v1.Instances': ['get', 'list'],
  'google.cloud.compute.v1.NetworkEndpointGroups': [
    'attachNetworkEndpoints',
    'delete',
    'detachNetworkEndpoints',
    'insert',
    'list',
    'listNetworkEndpoints',
  ],
  'google.cloud.compute.v1.RegionBackendServices': ['delete', 'get', 'insert', 'list', 'patch'],
  'google.cloud.compute.v1.RegionOperations': ['wait'],
  'google.cloud.compute.v1.ZoneOperations': ['wait'],
  'google.logging.v2.LoggingServiceV2': ['listLogEntries', 'writeLogEntries'],
  'google.pubsub.v1.Publisher': ['publish'],
} as const;

type Called<Service extends keyof typeof calls> = (typeof calls)[Service][number];

/** A client, as far as it is called. */
export type Narrow<Client, Service extends keyof typeof calls> = Pick<Client, Called<Service> & keyof Client>;
