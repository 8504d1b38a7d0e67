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
  /** Short name. */
  readonly subnetwork: string;
  /** Names of the attached VMs. */
  readonly endpoints: readonly string[];
}

/** The endpoint that receives all traffic: a VM as attached to one NEG. */
export interface Leader {
  readonly neg: NegRef;
  readonly instance: string;
}

export interface BackendService {
  readonly name: string;
  readonly fingerprint: string;
  readonly description: string;
  readonly backends: readonly NegRef[];
  readonly leader?: Leader;
}

export interface ForwardingRule {
  readonly name: string;
  /** IPv4, no prefix. */
  readonly ip: string;
  readonly description: string;
  /** Short name of the backend service it points at; empty when it points at something else. */
  readonly backendService: string;
}

export interface Firewall {
  readonly name: string;
  readonly description: string;
  readonly sourceRanges: readonly string[];
  readonly destinationRanges: readonly string[];
  readonly targetTags: readonly string[];
}

/** A reserved regional address. */
export interface Address {
  readonly name: string;
  readonly ip: string;
  readonly scheme: 'EXTERNAL' | 'INTERNAL';
  /** `PREMIUM` or `STANDARD`; empty for internal ones. */
  readonly networkTier: string;
  readonly status: 'RESERVING' | 'RESERVED' | 'IN_USE';
  /** Full URLs of the resources that use it. */
  readonly users: readonly string[];
}

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
  | { readonly do: 'attach'; readonly neg: NegRef; readonly instances: readonly string[] }
  | {
      readonly do: 'create-backend-service';
      readonly name: string;
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
      readonly backendService: string;
      readonly description: Description;
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
  | { readonly do: 'delete-neg'; readonly neg: NegRef };

/** Steps that do not depend on each other; the next stage begins when all of them are done. */
export type Stage = readonly CloudStep[];
