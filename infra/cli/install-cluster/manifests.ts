import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KubernetesObject } from '@kubernetes/client-node';
import { parse, parseAllDocuments } from 'yaml';

/** An object to be in the cluster, as its manifest says. */
export interface Manifest extends KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: { readonly [key: string]: string } };
  readonly [field: string]: unknown;
}

/** What `infra/kubernetes` holds: the base, and the components for clusters that lack them. */
export interface Manifests {
  readonly base: readonly Manifest[];
  readonly crd: readonly Manifest[];
  readonly gkeClassNames: readonly Manifest[];
}

const root = fileURLToPath(new URL('../../kubernetes', import.meta.url));
const placeholder = 'FUNCTIONS_SERVICE_ACCOUNT_EMAIL';

/** The objects of a kustomization, in its order: it lists resources and nothing else. */
const build = (folder: string, serviceAccount: string): readonly Manifest[] => {
  const { resources = [] } = parse(readFileSync(`${folder}/kustomization.yaml`, 'utf8')) as {
    resources?: readonly string[];
  };
  return resources.flatMap((resource) => {
    const path = `${folder}/${resource}`;
    if (statSync(path).isDirectory()) return build(path, serviceAccount);
    const text = readFileSync(path, 'utf8').replaceAll(placeholder, serviceAccount);
    return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
  });
};

/** @param serviceAccount e-mail address of the functions' service account: the user that GKE knows them by */
export const readManifests = (serviceAccount: string): Manifests => ({
  base: build(root, serviceAccount),
  crd: build(`${root}/components/crd`, serviceAccount),
  gkeClassNames: build(`${root}/components/gke-class-names`, serviceAccount),
});

/** On every object that this install makes. */
export const isLabelledOurs = (object: KubernetesObject | undefined): boolean =>
  object?.metadata?.labels?.['app.kubernetes.io/part-of'] === 'persistent-ip';

/** `ClusterRole persistent-ip-functions`, for people. */
export const titleOf = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata?.name}`;
