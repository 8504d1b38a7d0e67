/**
 * The exact methods that Eventarc listens for: it knows no wildcard, and each costs a subscription. Short therefore;
 * what is not on it is the sweep's to find. Source: design/events.md.
 */
const methods = [
  'compute.instances.delete',
  'compute.instances.stop',
  'compute.forwardingRules.delete',
  'compute.regionBackendServices.delete',
  'compute.regionBackendServices.patch',
  'compute.addresses.delete',
];

/** As clients and as the console call them. */
export const computeMethods: readonly string[] = methods.flatMap((method) => [
  `v1.${method}`,
  `beta.${method}`,
]);
