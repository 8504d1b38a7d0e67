import { type Cause, invalidValue, notSupported } from '../objects/cause.ts';
import { type Json, type JsonObject, list, record, text } from '../objects/object.ts';
import { badRequest, invalid, notANumber, StatusError } from '../objects/status.ts';
import { DecodeError, decodeAs } from '../types/decode.ts';
import { notRegistered } from './decode.ts';
import { headFault } from './unrecognized.ts';
import { dryRunFaults } from './write-options.ts';

/** DeleteOptions, from the body of the request and, where it has none, its query. */
export interface DeleteOptions {
  readonly gracePeriodSeconds: number | undefined;
  readonly propagationPolicy: string | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly dryRun: boolean;
}

/** The finalizers that the ways to propagate a deletion put on an object. */
export const policies: Readonly<Record<string, string | undefined>> = {
  Background: undefined,
  Foreground: 'foregroundDeletion',
  Orphan: 'orphan',
};

const optionsKind = { group: 'meta.k8s.io', kind: 'DeleteOptions', plural: 'deleteoptions' };

/** The options in a body, which says so or says nothing. @throws StatusError 500, as the decoder's errors have no code */
const decodeOptions = (body: Json): JsonObject => {
  const fault = (why: string): StatusError => new StatusError(500, '', why);
  const head = headFault(body);
  if (head !== undefined) throw fault(head);
  const given = record(body);
  const apiVersion = text(given.apiVersion) ?? 'v1';
  const kind = text(given.kind) ?? 'DeleteOptions';
  if (kind !== 'DeleteOptions') throw fault(notRegistered({ apiVersion, kind }));
  try {
    return decodeAs(given, 'meta/v1.DeleteOptions').object;
  } catch (error) {
    throw error instanceof DecodeError ? fault(error.message) : error;
  }
};

/** The same in a query, where there is no body. @throws StatusError 400 */
const queriedOptions = (query: URLSearchParams): JsonObject => {
  const seconds = query.get('gracePeriodSeconds');
  if (seconds !== null && !/^-?\d+$/.test(seconds))
    throw badRequest(`strconv.ParseInt: ${notANumber(seconds)}`);
  const propagationPolicy = query.get('propagationPolicy');
  const orphanDependents = query.get('orphanDependents');
  return {
    ...(seconds === null ? {} : { gracePeriodSeconds: Number(seconds) }),
    ...(propagationPolicy === null ? {} : { propagationPolicy }),
    ...(orphanDependents === null ? {} : { orphanDependents: orphanDependents !== 'false' }),
    ...(query.has('dryRun') ? { dryRun: query.getAll('dryRun') } : {}),
  };
};

/** metav1 ValidateDeleteOptions. */
const optionFaults = ({ propagationPolicy, orphanDependents, dryRun }: JsonObject): Cause[] => {
  const causes = dryRunFaults(list(dryRun));
  if (propagationPolicy === undefined) return causes;
  if (!(String(propagationPolicy) in policies)) {
    const known = ['Foreground', 'Background', 'Orphan', 'nil'];
    causes.unshift(notSupported('propagationPolicy', propagationPolicy, known));
  }
  if (orphanDependents !== undefined) {
    const why = 'orphanDependents and deletionPropagation cannot be both set';
    causes.unshift(invalidValue('propagationPolicy', propagationPolicy, why));
  }
  return causes;
};

/** @throws StatusError 400 or 500 for what does not decode, 422 for options that cannot be */
export const deleteOptions = (body: Json | undefined, query: URLSearchParams): DeleteOptions => {
  const given = body === undefined ? queriedOptions(query) : decodeOptions(body);
  const causes = optionFaults(given);
  if (causes.length > 0) throw invalid(optionsKind, '', causes);
  const preconditions = record(given.preconditions);
  const seconds = given.gracePeriodSeconds;
  return {
    gracePeriodSeconds: seconds === undefined ? undefined : Number(seconds),
    propagationPolicy: text(given.propagationPolicy),
    uid: text(preconditions.uid),
    resourceVersion: text(preconditions.resourceVersion),
    dryRun: list(given.dryRun).length > 0,
  };
};
