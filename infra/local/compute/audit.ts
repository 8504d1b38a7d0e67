import { randomBytes } from 'node:crypto';
import type { ComputeError } from './errors.ts';

/**
 * What Cloud Audit Logs would record of a write: once when it is accepted (`operation.first`, with request
 * and response) and once when its operation has ended (`operation.last`, with neither, and its error).
 */
export interface ComputeAudit {
  /** `v1.compute.regionBackendServices.patch` */
  readonly methodName: string;
  /** `projects/P/regions/R/backendServices/B` */
  readonly resourceName: string;
  readonly principal: string;
  readonly request?: unknown;
  readonly response?: unknown;
  /** `id` is the operation's name; its producer is `compute.googleapis.com`. */
  readonly operation: { readonly id: string; readonly first?: true; readonly last?: true };
  /** A google.rpc code; 0 is success. */
  readonly status: { readonly code: number; readonly message?: string };
  readonly at: Date;
  readonly project: string;
  readonly insertId: string;
}

/** google.rpc.Code of an HTTP status. */
const rpcCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 6,
  412: 9,
  429: 8,
  500: 13,
  501: 12,
  503: 14,
};

/** The status of an audit entry whose operation ended so. */
export const auditStatus = (failure: ComputeError | undefined): ComputeAudit['status'] =>
  failure === undefined
    ? { code: 0 }
    : { code: rpcCodes[failure.status] ?? 2, message: failure.operationCode };

/** An insertId as Cloud Logging makes them: unique, short, opaque. */
export const newInsertId = (): string => `-${randomBytes(6).toString('hex')}`;
