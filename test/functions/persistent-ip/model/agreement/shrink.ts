import type { Cluster } from '../cluster.ts';
import type { Story } from './agree.ts';

const lists = [
  'routes',
  'gateways',
  'pods',
  'nodes',
  'networks',
  'classes',
  'reserved',
  'otherRules',
] as const;

const identity = (one: object): string => {
  const { namespace = '', name, ip } = one as { namespace?: string; name?: string; ip?: string };
  return `${namespace}/${name ?? ip}`;
};

const without = (cluster: Cluster, list: (typeof lists)[number], one: string): Cluster => ({
  ...cluster,
  [list]: cluster[list].filter((other) => identity(other) !== one),
});

/** The smallest story, by leaving objects out one after the other, that still fails: what a person reads first. */
export const shrink = (story: Story, fails: (story: Story) => boolean): Story => {
  let smallest = story;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const list of lists)
      for (const one of new Set([...smallest.before[list], ...smallest.after[list]].map(identity))) {
        const less = {
          ...smallest,
          before: without(smallest.before, list, one),
          after: without(smallest.after, list, one),
        };
        if (!fails(less)) continue;
        smallest = less;
        shrunk = true;
      }
  }
  return smallest;
};
