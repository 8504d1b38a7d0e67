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
  /** Empty without an account for it. */
  readonly inventory: readonly Manifest[];
}

/** E-mail addresses of service accounts: the users that GKE knows the functions by. */
export interface Accounts {
  readonly functions: string;
  readonly inventory?: string | undefined;
}

const root = fileURLToPath(new URL('../../kubernetes', import.meta.url));

/** The objects of a kustomization, in its order: it lists resources and nothing else. */
const build = (folder: string, accounts: Accounts): readonly Manifest[] => {
  const { resources = [] } = parse(readFileSync(`${folder}/kustomization.yaml`, 'utf8')) as {
    resources?: readonly string[];
  };
  return resources.flatMap((resource) => {
    const path = `${folder}/${resource}`;
    if (statSync(path).isDirectory()) return build(path, accounts);
    const text = readFileSync(path, 'utf8')
      .replaceAll('FUNCTIONS_SERVICE_ACCOUNT_EMAIL', accounts.functions)
      .replaceAll('INVENTORY_SERVICE_ACCOUNT_EMAIL', accounts.inventory ?? '');
    return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
  });
};

export const readManifests = (accounts: Accounts): Manifests => ({
  base: build(root, accounts),
  crd: build(`${root}/components/crd`, accounts),
  gkeClassNames: build(`${root}/components/gke-class-names`, accounts),
  inventory: accounts.inventory === undefined ? [] : build(`${root}/components/inventory`, accounts),
});

/** All of them, what others need first. */
export const everything = ({ crd, base, inventory, gkeClassNames }: Manifests): readonly Manifest[] => [
  ...crd,
  ...base,
  ...inventory,
  ...gkeClassNames,
];

/** On every object that this install makes. */
export const isLabelledOurs = (object: KubernetesObject | undefined): boolean =>
  object?.metadata?.labels?.['app.kubernetes.io/part-of'] === 'persistent-ip';

/** `ClusterRole persistent-ip-functions`, for people. */
export const titleOf = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata?.name}`;
