import { leftBehindEntry } from '../persistent-ip/audit.ts';
import type { Unclear } from '../persistent-ip/leftovers.ts';
import type { ClusterDependencies } from '../reconciler/dependencies.ts';

/** In one run: more would only hide each other. */
const mostReported = 100;

/** What an instance has said of each cluster, by what it said it of. Saves writes: repeated, an entry is the same one. */
export type Reported = Map<string, ReadonlySet<string>>;

/** Says of each resource once that it is for a person to judge, in the audit log and in the process's own. */
export const reportUnclear = async (
  { audit, cluster, runtime }: ClusterDependencies,
  unclear: readonly Unclear[],
  reported: Reported,
): Promise<void> => {
  const { project, location, name } = cluster.key;
  const key = [project, location, name].join('/');
  const before = reported.get(key) ?? new Set<string>();
  const idOf = (one: Unclear): string => `left-behind-${name}-${one.what}-${one.name}`;
  const fresh = unclear.filter((one) => !before.has(idOf(one))).slice(0, mostReported);
  await audit.write(
    fresh.map((one) =>
      leftBehindEntry(cluster.key, runtime.now(), {
        id: idOf(one),
        route: { namespace: '', name: '', uid: '' },
        addresses: [],
        outcome: `${one.what} ${one.name}: ${one.problem}`,
        created: one.created,
      }),
    ),
  );
  for (const { what, name: resource, problem } of fresh)
    runtime.log('WARNING', 'a resource is left that only a person can judge', { what, resource, problem });
  // What is gone is forgotten.
  const kept = unclear.map(idOf).filter((id) => before.has(id));
  reported.set(key, new Set([...kept, ...fresh.map(idOf)]));
};
