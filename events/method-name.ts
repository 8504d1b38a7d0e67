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

const isVersion = (part: string): boolean => {
  const second = part.charCodeAt(1);
  return part.charCodeAt(0) === 118 && second >= 48 && second <= 57;
};

const groupOf = (reversed: readonly string[]): string => {
  const group = reversed.toReversed().join('.');
  return group === 'core.k8s.io' ? 'core' : group;
};

/**
 * The method of a GKE audit entry: group in reverse, version, resource, [subresource,] verb; `undefined` if it is
 * none. Source: design/events.md.
 */
export const parseMethodName = (full: string): MethodName | undefined => {
  if (full.length > 512) return undefined;
  const parts = full.split('.');
  const end = parts.length;
  // The version stands before the last two or three parts.
  for (const at of [end - 4, end - 3]) {
    const version = parts[at];
    if (at < 1 || version === undefined || !isVersion(version)) continue;
    const resource = parts[at + 1] ?? '';
    const verb = parts[end - 1] ?? '';
    const subresource = end - at === 4 ? (parts[at + 2] ?? '') : '';
    if (parts.includes('')) return undefined;
    return { full, group: groupOf(parts.slice(0, at)), version, resource, subresource, verb };
  }
  return undefined;
};
