import { isObject, type Json } from '../objects/object.ts';
import { badRequest, type StatusError } from '../objects/status.ts';
import { kindOf } from '../types/decode.ts';

/** A body in short (handlers/rest.go, summarizeData). */
const summary = (bytes: Buffer): string => {
  if (bytes.length === 0) return '<empty>';
  const cut = bytes.length > 30 ? ' ...' : '';
  const start = bytes.subarray(0, 30);
  return `${start[0] === 0x7b ? start.toString() : start.toString('hex')}${cut}`;
};

/** A body of which not even the kind is known. */
export const unrecognized = (kind: string, why: string, bytes: Buffer): StatusError =>
  badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(bytes)})`);

/** The Go type into which the kind of a body is read, which its errors show. */
const typeMeta = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

export const noVersion = "couldn't get version/kind; json parse error: ";

const typeFault = (body: Json | undefined): string | undefined => {
  if (body === undefined) return 'unexpected end of JSON input';
  if (!isObject(body)) return `json: cannot unmarshal ${kindOf(body)} into Go value of type ${typeMeta}`;
  for (const field of ['apiVersion', 'kind']) {
    const value = body[field] ?? '';
    if (typeof value !== 'string')
      return `json: cannot unmarshal ${kindOf(value)} into Go struct field .${field} of type string`;
  }
  return undefined;
};

/** What is wrong with a body before it is known what it is. */
export const headFault = (body: Json | undefined): string | undefined => {
  const fault = typeFault(body ?? (body === null ? {} : undefined));
  return fault === undefined ? undefined : `${noVersion}${fault}`;
};
