import * as v from 'valibot';
import { type Finding, failed, ok, skipped, some, warning } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';

/** Source: Compute Engine API v1, Region and Project, `quotas[]`. */
const Quotas = v.object({
  quotas: v.optional(v.array(v.object({ metric: v.string(), limit: v.number(), usage: v.number() })), []),
});
export type Quota = v.InferOutput<typeof Quotas>['quotas'][number];

/** What a route takes of a quota: an address and its rule, a backend service, a group a zone, a firewall rule. */
const ofRegion = [
  'IN_USE_ADDRESSES',
  'STATIC_ADDRESSES',
  'STATIC_BYOIP_ADDRESSES',
  'FORWARDING_RULES',
  'EXTERNAL_NETWORK_LB_FORWARDING_RULES',
  'REGIONAL_EXTERNAL_NETWORK_LB_BACKEND_SERVICES',
  'REGIONAL_INTERNAL_LB_BACKEND_SERVICES',
  'NETWORK_ENDPOINT_GROUPS',
] as const;
const ofProject = ['BACKEND_SERVICES', 'FIREWALLS'] as const;

/** Below so much of the limit, or so many, somebody is told. */
const leastShare = 0.1;
const leastLeft = 3;

/** Whether another route would still find room. A limit of 0 is one that the project was never given. */
export const judgeQuotas = (quotas: readonly Quota[], project: string): Finding => {
  const known = quotas.filter(({ limit }) => limit > 0);
  if (known.length === 0) return skipped('not on this cloud: no quota is told');
  const title = ({ metric, limit, usage }: Quota): string => `${metric} ${usage} of ${limit}`;
  const remedy = `ask for more: https://console.cloud.google.com/iam-admin/quotas?project=${project}`;
  const full = known.filter(({ limit, usage }) => usage >= limit);
  if (full.length > 0)
    return failed(`used up: ${some(full.map(title))}: no further route gets its addresses`, remedy);
  const scarce = known.filter(
    ({ limit, usage }) => limit - usage < Math.min(Math.max(leastLeft, limit * leastShare), limit),
  );
  if (scarce.length > 0) return warning(`nearly used up: ${some(scarce.map(title))}`, remedy);
  return ok(`room in ${known.length} quotas (${known.slice(0, 2).map(title).join(', ')}, …)`);
};

export const lookAtQuotas = async (
  google: GoogleApi,
  { project, region, networkProject }: { project: string; region: string; networkProject: string },
  signal: AbortSignal,
): Promise<Finding> => {
  const read = async (path: string, metrics: readonly string[]) => {
    const found = await google.ask({ api: 'compute', path: `/compute/v1/projects/${path}` }, Quotas, signal);
    return (found?.quotas ?? []).filter(({ metric }) => metrics.includes(metric));
  };
  const [regional, own, firewalls] = await Promise.all([
    read(`${project}/regions/${region}`, ofRegion),
    read(project, networkProject === project ? ofProject : ['BACKEND_SERVICES']),
    networkProject === project ? [] : read(networkProject, ['FIREWALLS']),
  ]);
  return judgeQuotas([...regional, ...own, ...firewalls], project);
};
