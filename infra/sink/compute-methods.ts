import methods from './compute-methods.json' with { type: 'json' };

/**
 * The exact methods that Eventarc listens for, as clients and as the console call them: it knows no wildcard, and each
 * costs a subscription. Short therefore; what is not on the list is the sweep's to find. Terraform reads the same file.
 * Source: design/events.md.
 */
export const computeMethods: readonly string[] = methods.activity.flatMap((method) =>
  methods.versions.map((version) => `${version}.${method}`),
);

/** What Compute Engine does by itself, from the system event log. */
export const systemEventMethods: readonly string[] = methods.systemEvent;
