import { hasOtherController } from '../../../functions/persistent-ip/gateway-class.ts';
import { gatewayKey, hasOurFinalizer, ourParents } from '../../../functions/persistent-ip/whose-route.ts';
import { everything, isLabelledOurs, type Manifest, type Manifests, titleOf } from './manifests.ts';
import type { Survey } from './survey.ts';

/** One thing that will be done, or is left as it is. */
export interface Action {
  readonly do: 'create' | 'update' | 'delete' | 'keep' | 'leave';
  readonly manifest: Manifest;
  /** Why it is left, or is not as in the manifests. */
  readonly why?: string;
}

export interface Plan {
  readonly actions: readonly Action[];
  /** Why nothing will be done; each says what to do first. */
  readonly refusals: readonly string[];
}

/** The controller name of a GatewayClass manifest. */
const controllerOf = ({ spec }: Manifest): unknown =>
  (spec as { controllerName?: unknown } | undefined)?.controllerName;

/** Whether the stored object says all that the manifest says; defaults only add to it. */
const says = (stored: unknown, wanted: unknown): boolean => {
  if (Array.isArray(wanted))
    return (
      Array.isArray(stored) &&
      stored.length === wanted.length &&
      wanted.every((item, at) => says(stored[at], item))
    );
  if (typeof wanted === 'object' && wanted !== null)
    return (
      typeof stored === 'object' &&
      stored !== null &&
      Object.entries(wanted).every(([key, value]) => says((stored as Record<string, unknown>)[key], value))
    );
  return stored === wanted;
};

const put = (manifest: Manifest, { present }: Survey, why?: string): Action => {
  const stored = present.get(titleOf(manifest));
  const reason = why === undefined ? {} : { why };
  if (stored === undefined) return { do: 'create', manifest, ...reason };
  return { do: says(stored, manifest) ? 'keep' : 'update', manifest, ...reason };
};

/** A class of this name under another controller stays what it is: its controller can never be changed. */
const putClass = (manifest: Manifest, seen: Survey, remedy: string): Action => {
  const stored = seen.present.get(titleOf(manifest));
  const controller = stored && controllerOf(stored);
  return stored === undefined || controller === controllerOf(manifest)
    ? put(manifest, seen)
    : { do: 'leave', manifest, why: `it belongs to controller ${String(controller)}: ${remedy}` };
};

/** GKE's own definition serves its controller as well: it is never replaced. */
const putDefinition = (manifest: Manifest, seen: Survey): Action => {
  const stored = seen.present.get(titleOf(manifest));
  return stored === undefined || isLabelledOurs(stored)
    ? put(manifest, seen)
    : { do: 'leave', manifest, why: 'the cluster has its own (GKE installs it), which serves ours as well' };
};

/**
 * A policy is shared by all routes of the cluster: where GKE's own controller runs too, ours warns its users and refuses
 * nothing.
 */
const putPolicy = (manifest: Manifest, seen: Survey, shared: boolean): Action => {
  if (!seen.policies)
    return {
      do: 'leave',
      manifest,
      why: `Kubernetes ${seen.version} has no ValidatingAdmissionPolicies (1.30 has): conditions say the same later`,
    };
  if (manifest.kind !== 'ValidatingAdmissionPolicyBinding' || !shared) return put(manifest, seen);
  const spec = { ...(manifest.spec as object), validationActions: ['Warn'] };
  return put({ ...manifest, spec }, seen, 'GKE’s controller runs here too, so it warns and does not refuse');
};

/** What an install does, in order. Nothing that another controller owns is changed. */
export const planInstall = (manifests: Manifests, seen: Survey, controllerName: string): Plan => {
  if (seen.classes === undefined)
    return {
      actions: [],
      refusals: [
        'The cluster has no Gateway API: enable it with gcloud container clusters update NAME --gateway-api=standard',
      ],
    };
  const shared = hasOtherController(seen.classes, controllerName);
  const base = manifests.base.map((manifest) => {
    if (manifest.kind === 'GatewayClass')
      return putClass(manifest, seen, 'delete that class first, for our Gateways need its name');
    return manifest.kind.startsWith('ValidatingAdmissionPolicy')
      ? putPolicy(manifest, seen, shared)
      : put(manifest, seen);
  });
  const blocked = base.filter((action) => action.do === 'leave' && action.manifest.kind === 'GatewayClass');
  const actions = [
    ...manifests.crd.map((manifest) => putDefinition(manifest, seen)),
    ...base,
    ...manifests.inventory.map((manifest) => put(manifest, seen)),
    ...manifests.gkeClassNames.map((manifest) =>
      putClass(manifest, seen, 'our Gateways name persistent-ip-regional-external or -internal instead'),
    ),
  ];
  return {
    actions,
    refusals: blocked.map(({ manifest, why }) => `${titleOf(manifest)}: ${why}`),
  };
};

const some = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;

/**
 * What an uninstall deletes, in reverse order. It refuses while routes or Gateways of ours exist: their addresses would
 * stay allocated in Google Cloud with nobody to release them.
 */
export const planUninstall = (manifests: Manifests, seen: Survey, controllerName: string): Plan => {
  const { classes = [], gateways, routes = [] } = seen;
  const byKey = new Map(gateways.map((gateway) => [gatewayKey(gateway.metadata), gateway]));
  const ourRoutes = routes.filter(
    (route) =>
      hasOurFinalizer(route) || ourParents({ route, controllerName, classes, gateways: byKey }).length > 0,
  );
  // One that has left our classes may still wait for us to release what we reserved for it.
  const ourGateways = gateways.filter(
    (gateway) =>
      hasOurFinalizer(gateway) ||
      classes.some(
        ({ metadata, controllerName: controller }) =>
          metadata.name === gateway.className && controller === controllerName,
      ),
  );
  const refusals = [
    ...(ourRoutes.length === 0
      ? []
      : [
          `GKEIPRoutes still hold addresses: delete them first, while the functions run (${some(ourRoutes.map(({ metadata }) => gatewayKey(metadata)))})`,
        ]),
    ...(ourGateways.length === 0
      ? []
      : [
          `Gateways of ours still exist: delete them first, while the functions run (${some(ourGateways.map(({ metadata }) => gatewayKey(metadata)))})`,
        ]),
  ];
  const actions = [...everything(manifests)]
    .reverse()
    .filter((manifest) => seen.present.has(titleOf(manifest)))
    .map((manifest): Action => {
      const stored = seen.present.get(titleOf(manifest));
      if (stored === undefined || !isLabelledOurs(stored))
        return {
          do: 'leave',
          manifest,
          why: 'it is not ours (no label app.kubernetes.io/part-of: persistent-ip)',
        };
      if (manifest.kind === 'GatewayClass' && controllerOf(stored) !== controllerOf(manifest))
        return { do: 'leave', manifest, why: `it belongs to controller ${String(controllerOf(stored))}` };
      if (manifest.kind === 'CustomResourceDefinition' && routes.length > ourRoutes.length)
        return { do: 'leave', manifest, why: 'other controllers’ GKEIPRoutes would go with it' };
      return { do: 'delete', manifest };
    });
  return { actions: refusals.length > 0 ? [] : actions, refusals };
};
