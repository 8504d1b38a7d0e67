import type { LocalCloud } from '../cloud.ts';

/** Calls of the functions between two moments, as counted at the HTTP edge. */
export interface Counts {
  readonly computeReads: number;
  readonly computeMutations: readonly string[];
  readonly kubernetesReads: number;
  readonly kubernetesWrites: number;
}

/** Starts counting; the returned function stops and tells. */
export const count = (
  cloud: Pick<LocalCloud, 'compute' | 'kubernetes' | 'serviceAccount'>,
): (() => Counts) => {
  const mutations: string[] = [];
  let computeReads = 0;
  let kubernetesReads = 0;
  let kubernetesWrites = 0;
  const stops = [
    cloud.compute.onCall(({ principal, mutation, method, path }) => {
      if (principal !== cloud.serviceAccount) return;
      if (mutation) mutations.push(`${method} ${path.split('/').slice(6).join('/')}`);
      else computeReads += 1;
    }),
    cloud.kubernetes.onCall(({ user, method }) => {
      if (user !== cloud.serviceAccount) return;
      if (method === 'GET') kubernetesReads += 1;
      else kubernetesWrites += 1;
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    return { computeReads, computeMutations: mutations, kubernetesReads, kubernetesWrites };
  };
};
