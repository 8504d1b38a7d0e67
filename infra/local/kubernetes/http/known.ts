import type { ApiPath } from './path.ts';

/**
 * Resources that a GKE cluster has and this server has not. They are answered by name with 501: a 404 would say
 * that no such resource exists, which callers believe.
 */
const unserved: Readonly<Record<string, readonly string[]>> = {
  '': [
    'bindings',
    'componentstatuses',
    'endpoints',
    'limitranges',
    'persistentvolumeclaims',
    'persistentvolumes',
    'podtemplates',
    'replicationcontrollers',
    'resourcequotas',
  ],
  'admissionregistration.k8s.io': ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
  apps: ['daemonsets'],
  'authentication.k8s.io': ['tokenreviews'],
  'authorization.k8s.io': ['localsubjectaccessreviews'],
  autoscaling: ['horizontalpodautoscalers'],
  batch: ['cronjobs'],
  'discovery.k8s.io': ['endpointslices'],
  'gateway.networking.k8s.io': ['grpcroutes', 'httproutes', 'referencegrants'],
  'networking.k8s.io': ['ingressclasses', 'ingresses', 'networkpolicies'],
  'scheduling.k8s.io': ['priorityclasses'],
  'storage.k8s.io': ['storageclasses'],
};

/** Paths that are no resource's, but the real API server's. */
const unservedPaths = /^\/(?:metrics|logs|debug|\.well-known)(?:\/|$)/;

export const isKnownButUnserved = (path: string, api: ApiPath | undefined): boolean =>
  api === undefined ? unservedPaths.test(path) : (unserved[api.group]?.includes(api.resource) ?? false);
