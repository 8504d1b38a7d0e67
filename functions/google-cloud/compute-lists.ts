import { partForm, stemForm } from '../persistent-ip/names.ts';
import type { ComputeLists, Listed } from '../persistent-ip/ports.ts';
import type { ComputeOptions } from './compute.ts';
import { computeClients } from './compute-clients.ts';
import { toBackendService, toFirewall, toForwardingRule, toNegAlone, toVm } from './compute-objects.ts';
import { listEndpoints } from './endpoints.ts';
import { gather } from './pages.ts';
import { restOptions } from './rest-options.ts';

/** A name of ours, as Compute Engine's filters take it: RE2, of the whole name. Source: proto comment of `filter`. */
const named = (form: string): string => `name eq "${form}"`;

/** A name out of an answer becomes part of a path: only one of the form that was asked for does. */
const keepNamed =
  <T extends Item, U>(form: string, toOurs: (item: T) => U) =>
  (item: T): readonly Listed<U>[] =>
    new RegExp(`^${form}$`).test(item.name ?? '') ? [listed(item, toOurs(item))] : [];

interface Item {
  readonly name?: string | null;
  readonly creationTimestamp?: string | null;
}

const listed = <U>({ creationTimestamp }: Item, ours: U): Listed<U> => ({
  ...ours,
  created: creationTimestamp ?? '',
});

const part = `${stemForm}${partForm}`;

/** Compute Engine's lists behind the port, for one cluster's projects and region: 500 items a call. */
export const createComputeLists = ({
  project,
  region,
  networkProject = project,
  tokens,
  endpoint,
  clients = computeClients(restOptions(project, tokens, endpoint)),
  ...pace
}: Omit<ComputeOptions, 'now'>): ComputeLists => ({
  backendServices: () =>
    gather(
      pace,
      (asked, options) => clients.backendServices().list(asked, options),
      { project, region, filter: named(stemForm) },
      keepNamed(stemForm, toBackendService),
    ),
  forwardingRules: () =>
    gather(
      pace,
      (asked, options) => clients.forwardingRules().list(asked, options),
      { project, region },
      (rule) => [listed(rule, toForwardingRule(rule))],
    ),
  firewalls: () =>
    gather(
      pace,
      (asked, options) => clients.firewalls().list(asked, options),
      { project: networkProject, filter: named(stemForm) },
      keepNamed(stemForm, toFirewall),
    ),
  negs: (zone) =>
    gather(
      pace,
      (asked, options) => clients.negs().list(asked, options),
      { project, zone, filter: named(part) },
      keepNamed(part, (neg) => ({ ...toNegAlone(neg), zone, size: neg.size ?? 0 })),
    ),
  endpoints: async (neg) => (await listEndpoints(clients, pace, project, neg)) ?? [],
  vms: async (zone) =>
    new Map(
      await gather(
        pace,
        (asked, options) => clients.instances().list(asked, options),
        { project, zone },
        (vm) => [[vm.name ?? '', toVm(vm)] as const],
      ),
    ),
});
