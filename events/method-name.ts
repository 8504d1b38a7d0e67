/** `io.k8s.networking.gateway.v1.gateways.status.update`, taken apart. */
export interface MethodName {
  readonly full: string;
  /** As in a `resourceName`: `core`, `gateway.networking.k8s.io`. */
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** Empty when the object itself is written. */
  readonly subresource: string;
  readonly verb: string;
}

/** Groups that matter, spared the reversal: nearly every entry is of one of them. */
const knownGroups: ReadonlyMap<string, string> = new Map([
  ['io.k8s.core', 'core'],
  ['io.k8s.networking.gateway', 'gateway.networking.k8s.io'],
  ['io.gke.networking', 'networking.gke.io'],
]);

const groupOf = (reversed: string): string =>
  knownGroups.get(reversed) ?? reversed.split('.').reverse().join('.');

/** `v` and a digit: `v1`, `v1beta1`. */
const isVersionAt = (full: string, at: number): boolean => {
  const second = full.charCodeAt(at + 1);
  return full.charCodeAt(at) === 118 && second >= 48 && second <= 57;
};

/**
 * The method of a GKE audit entry: group in reverse, version, resource, [subresource,] verb; `undefined` if it is
 * none. The version, before the last two or three parts, tells whether there is a subresource.
 * Source: design/events.md.
 */
export const parseMethodName = (full: string): MethodName | undefined => {
  if (full.length > 512 || full.includes('..') || full.startsWith('.') || full.endsWith('.'))
    return undefined;
  const last = full.lastIndexOf('.');
  const second = full.lastIndexOf('.', last - 1);
  const third = full.lastIndexOf('.', second - 1);
  const fourth = third > 0 ? full.lastIndexOf('.', third - 1) : -1;
  const verb = full.slice(last + 1);
  if (fourth > 0 && isVersionAt(full, fourth + 1))
    return {
      full,
      group: groupOf(full.slice(0, fourth)),
      version: full.slice(fourth + 1, third),
      resource: full.slice(third + 1, second),
      subresource: full.slice(second + 1, last),
      verb,
    };
  if (third > 0 && second > third && isVersionAt(full, third + 1))
    return {
      full,
      group: groupOf(full.slice(0, third)),
      version: full.slice(third + 1, second),
      resource: full.slice(second + 1, last),
      subresource: '',
      verb,
    };
  return undefined;
};
