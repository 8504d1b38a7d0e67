/** A JSON value; `undefined` only as a field that is absent. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [field: string]: Json | undefined };

/** What every resource of the Compute API carries. `id` is a decimal string, `selfLink` its full URL. */
export type Resource = {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly selfLink: string;
  readonly creationTimestamp: string;
};

export type Address = Resource & {
  readonly address: string;
  readonly addressType: string;
  readonly networkTier: string;
  readonly region: string;
  readonly status: string;
  readonly purpose?: string;
  readonly subnetwork?: string;
  readonly ipCollection?: string;
  readonly labels?: { readonly [label: string]: string };
  readonly labelFingerprint: string;
};

export type ForwardingRule = Resource & {
  readonly IPAddress: string;
  readonly IPProtocol: string;
  readonly allPorts: boolean;
  readonly loadBalancingScheme: string;
  readonly backendService: string;
  readonly networkTier: string;
  readonly region: string;
  readonly network?: string;
  readonly subnetwork?: string;
  readonly allowGlobalAccess?: boolean;
  readonly labels?: { readonly [label: string]: string };
  readonly labelFingerprint: string;
  readonly fingerprint: string;
};

export type Leader = {
  readonly backendGroup?: string;
  readonly networkEndpoint?: { readonly instance?: string };
};
export type HaPolicy = { readonly fastIPMove?: string; readonly leader?: Leader };
export type Backend = { readonly group?: string; readonly balancingMode?: string };

export type BackendService = Resource & {
  readonly description?: string;
  readonly loadBalancingScheme: string;
  readonly protocol: string;
  readonly backends?: readonly Backend[];
  readonly haPolicy: HaPolicy;
  readonly network?: string;
  readonly region: string;
  readonly fingerprint: string;
};

export type NetworkEndpointGroup = Resource & {
  readonly networkEndpointType: string;
  readonly network: string;
  readonly subnetwork: string;
  readonly zone: string;
  readonly annotations?: { readonly [key: string]: string };
};

export type Firewall = Resource & {
  readonly network: string;
  readonly direction: string;
  readonly priority: number;
  readonly sourceRanges?: readonly string[];
  readonly destinationRanges?: readonly string[];
};

export type NetworkInterface = {
  readonly kind: 'compute#networkInterface';
  readonly name: string;
  readonly network: string;
  readonly subnetwork: string;
  readonly networkIP: string;
  readonly accessConfigs?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly type: string;
    readonly natIP: string;
    readonly networkTier: string;
  }[];
};

/** The states this cloud puts an instance in, of those that the API knows. */
export type InstanceStatus = 'RUNNING' | 'STOPPING' | 'TERMINATED' | 'SUSPENDING' | 'SUSPENDED';

export type Instance = Resource & {
  readonly status: InstanceStatus;
  readonly zone: string;
  readonly networkInterfaces: readonly NetworkInterface[];
};

export type Network = Resource & { readonly autoCreateSubnetworks: boolean };

export type Subnetwork = Resource & {
  readonly network: string;
  readonly ipCidrRange: string;
  readonly gatewayAddress: string;
  readonly region: string;
};

export type PublicDelegatedPrefix = Resource & {
  readonly ipCidrRange: string;
  readonly region: string;
  readonly status: string;
};
export type Place = Resource & { readonly status: string };

/** Which type of resource lies in which collection: the last but one segment of its URL. */
export type Collections = {
  addresses: Address;
  forwardingRules: ForwardingRule;
  backendServices: BackendService;
  networkEndpointGroups: NetworkEndpointGroup;
  firewalls: Firewall;
  instances: Instance;
  networks: Network;
  subnetworks: Subnetwork;
  publicDelegatedPrefixes: PublicDelegatedPrefix;
  regions: Place;
  zones: Place;
};
export type Collection = keyof Collections;

/** The name of a resource across projects: `projects/P/regions/R/addresses/A`. */
export type Key = string & { readonly __key: unique symbol };
