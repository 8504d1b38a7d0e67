import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Values as JSON has them. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Where the lists of a cluster are that the functions read. */
export const kubernetesCollections = [
  '/api/v1/namespaces',
  '/api/v1/nodes',
  '/api/v1/pods',
  '/apis/gateway.networking.k8s.io/v1/gatewayclasses',
  '/apis/gateway.networking.k8s.io/v1/gateways',
  '/apis/networking.gke.io/v1/gkeiproutes',
  '/apis/networking.gke.io/v1/networks',
  '/apis/networking.gke.io/v1/gkenetworkparamsets',
] as const;

export const samplesFile = new URL('samples/local-cloud.json', import.meta.url);

/** A cluster and a project as they answered, and the audit entries that they wrote. */
export interface Samples {
  /** Lists by path. */
  readonly kubernetes: Readonly<Record<string, JsonObject>>;
  /** Lists by their path below the project. */
  readonly compute: Readonly<Record<string, JsonObject>>;
  /** Answers of `listNetworkEndpoints` by the NEG's path. */
  readonly endpoints: Readonly<Record<string, JsonObject>>;
  readonly entries: readonly JsonObject[];
  /** What stands in the functions' own audit log, on the morning of the fuzzer's day. */
  readonly audit: readonly JsonObject[];
}

const publicSamples = new URL('../events/samples/', import.meta.url);

/** What `capture.ts` has written, and the public samples of GKE's own audit entries. */
export const readSamples = (): Samples => {
  const local = JSON.parse(readFileSync(samplesFile, 'utf8')) as Samples;
  const files = readdirSync(publicSamples).filter((file) => file.endsWith('.yaml'));
  const real = files.map((file) => parse(readFileSync(new URL(file, publicSamples), 'utf8')) as JsonObject);
  return { ...local, entries: [...real, ...local.entries] };
};
