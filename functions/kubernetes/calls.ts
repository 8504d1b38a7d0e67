/**
 * Every method of the Kubernetes client that is called, by its class. The clients are typed by this list, so that no other
 * call compiles; the bundle holds these methods of the generated classes and no others: the whole ones take 3 MB.
 */
export const calls = {
  AuthenticationV1Api: ['createSelfSubjectReview'],
  CoreV1Api: [
    'listNamespace',
    'listNamespacedPod',
    'listNode',
    'listPodForAllNamespaces',
    'readNamespace',
    'readNamespacedPod',
    'readNode',
  ],
  CustomObjectsApi: [
    'createNamespacedCustomObject',
    'getNamespacedCustomObject',
    'listClusterCustomObject',
    'listNamespacedCustomObject',
    'patchClusterCustomObjectStatus',
    'patchNamespacedCustomObject',
    'patchNamespacedCustomObjectStatus',
  ],
} as const;

/** A client, as far as it is called. */
export type Narrow<Client, Name extends keyof typeof calls> = Pick<
  Client,
  (typeof calls)[Name][number] & keyof Client
>;
