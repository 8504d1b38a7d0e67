import type { HolderRecord } from './holder-record.ts';

/** Compute resources as the rules see them, and the steps that change them. Source: design/google-cloud.md. */

/** A zonal NEG (`GCE_VM_IP`); two of equal names in different zones are different ones. */
export interface NegRef {
  readonly zone: string;
  readonly name: string;
}

export interface Neg extends NegRef {
  /** The ownership record, from the annotation; `undefined` when it has none. */
  readonly owner: string | undefined;
  /** Short names. */
  readonly network: string;
  readonly subnetwork: string;
  /** Names of the attached VMs. */
  readonly endpoints: readonly string[];
}

/** The endpoint that receives all traffic: a VM as attached to one NEG. */
export interface Leader {
  readonly neg: NegRef;
  readonly instance: string;
}

/** Whether an address is reached from the internet or from inside the VPC network. */
export type Scheme = 'EXTERNAL' | 'INTERNAL';

export interface BackendService {
  readonly name: string;
  readonly fingerprint: string;
  readonly description: string;
  readonly scheme: Scheme;
  /** Short name; empty for an external one, which has none. */
  readonly network: string;
  readonly backends: readonly NegRef[];
  readonly leader?: Leader;
}

/** From where a forwarding rule's address is reached. */
export type Reach =
  /** The tier must be that of the address. */
  | { readonly scheme: 'EXTERNAL'; readonly networkTier: NetworkTier }
  | {
      readonly scheme: 'INTERNAL';
      /** Short names; the address lies in the range of the subnetwork. */
      readonly network: string;
      readonly subnetwork: string;
      /** From every region, not only from its own. */
      readonly allowGlobalAccess: boolean;
    };

export interface ForwardingRule {
  readonly name: string;
  readonly fingerprint: string;
  /** IPv4, no prefix. */
  readonly ip: string;
  readonly description: string;
  /** Short name; empty for an external one, which has none. */
  readonly network: string;
  readonly allowGlobalAccess: boolean;
  /** Short name of the backend service it points at; empty when it points at something else. */
  readonly backendService: string;
}

export interface Firewall {
  readonly name: string;
  readonly description: string;
  /** Short name. */
  readonly network: string;
  readonly sourceRanges: readonly string[];
  readonly destinationRanges: readonly string[];
  readonly targetTags: readonly string[];
  /** Somebody has switched it off, or narrowed it to some protocols: ours let all of them through. */
  readonly narrowed?: true;
}

export type NetworkTier = 'PREMIUM' | 'STANDARD';

/** A reserved regional address. */
export interface Address {
  /** The cluster's, or with shared VPC the host project. */
  readonly project: string;
  readonly name: string;
  /** IPv4, or IPv6, which cannot be used. */
  readonly ip: string;
  readonly scheme: Scheme;
  /** Internal ones are always `PREMIUM`. */
  readonly networkTier: NetworkTier;
  /** Of an internal address: what it is reserved for, as `GCE_ENDPOINT`; empty for external ones. */
  readonly purpose: string;
  /** Of an internal address: short name of the subnetwork in whose range it lies; empty for external ones. */
  readonly subnetwork: string;
  /** The ownership record, if we reserved it. */
  readonly description: string;
  readonly status: 'RESERVING' | 'RESERVED' | 'IN_USE';
  /** Full URLs of the resources that use it. */
  readonly users: readonly string[];
}

/** Where an address that we reserve comes from. */
export type AddressSource =
  /** Google's, or with `ipCollection` (short name of a public delegated prefix of the region) one's own. */
  | { readonly scheme: 'EXTERNAL'; readonly ipCollection?: string }
  /** Short name. */
  | { readonly scheme: 'INTERNAL'; readonly subnetwork: string };

/** A description of ours: the ownership record, on the backend service with the holder record. */
export type Description = string;

/**
 * One change of Google Cloud. Each is idempotent by name, fingerprint or absence, and complete only when its
 * operation is done.
 */
export type CloudStep =
  | {
      readonly do: 'create-neg';
      readonly neg: NegRef;
      readonly network: string;
      readonly subnetwork: string;
      readonly description: Description;
    }
  | { readonly do: 'attach' | 'detach'; readonly neg: NegRef; readonly instances: readonly string[] }
  | {
      readonly do: 'create-backend-service';
      readonly name: string;
      readonly scheme: Scheme;
      /** Short name of the network of its NEGs; only an internal one names it. */
      readonly network: string;
      readonly backends: readonly NegRef[];
      readonly leader: Leader;
      readonly record: HolderRecord;
      readonly description: Description;
    }
  | {
      /** The move: one PATCH, for one address or sixteen. */
      readonly do: 'patch-backend-service';
      readonly name: string;
      readonly fingerprint: string;
      /** Only when it changes. */
      readonly leader?: Leader;
      /** Only when a NEG is new; then all of them, because a merge patch replaces the list. */
      readonly backends?: readonly NegRef[];
      readonly record: HolderRecord;
      readonly description: Description;
    }
  | {
      readonly do: 'create-forwarding-rule';
      readonly name: string;
      readonly ip: string;
      readonly reach: Reach;
      readonly backendService: string;
      readonly description: Description;
    }
  | {
      /** The one field of a rule that can be changed. */
      readonly do: 'patch-forwarding-rule';
      readonly name: string;
      readonly fingerprint: string;
      readonly allowGlobalAccess: boolean;
    }
  | {
      readonly do: 'create-firewall' | 'patch-firewall';
      readonly name: string;
      readonly network: string;
      readonly sourceRanges: readonly string[];
      readonly destinationRanges: readonly string[];
      readonly targetTags: readonly string[];
      readonly description: Description;
    }
  | {
      readonly do: 'delete-forwarding-rule' | 'delete-firewall' | 'delete-backend-service';
      readonly name: string;
    }
  | { readonly do: 'delete-neg'; readonly neg: NegRef }
  | {
      /** For an entry of a Gateway that names no address. */
      readonly do: 'reserve-address';
      readonly name: string;
      readonly from: AddressSource;
      readonly description: Description;
    }
  | { readonly do: 'delete-address'; readonly name: string };

/** Steps that do not depend on each other; the next stage begins when all of them are done. */
export type Stage = readonly CloudStep[];
