import { isComputeName } from '../../events/names.ts';
import type { CloudStep } from '../persistent-ip/cloud.ts';
import { Failure } from '../persistent-ip/failure.ts';
import { partForm } from '../persistent-ip/names.ts';
import type { Vm } from '../persistent-ip/objects.ts';
import type { ComputePort } from '../persistent-ip/ports.ts';
import { AbsentNegs } from './absent-negs.ts';
import { requestTimeout, sendOnce } from './call-options.ts';
import { type ComputeClients, computeClients } from './compute-clients.ts';
import {
  goneVm,
  toAddress,
  toBackendService,
  toFirewall,
  toForwardingRule,
  toNegAlone,
  toVm,
} from './compute-objects.ts';
import { sender } from './compute-steps.ts';
import { listEndpoints } from './endpoints.ts';
import type { TokenSource } from './http.ts';
import { finish, until } from './operations.ts';
import { allPages } from './pages.ts';
import { orAbsent, type Pace, persist } from './persist.ts';
import { restOptions } from './rest-options.ts';

export interface ComputeOptions extends Pace {
  readonly project: string;
  readonly region: string;
  /** Of networks, subnetworks and firewall rules, where it is another one. */
  readonly networkProject?: string;
  readonly tokens: TokenSource;
  readonly now: () => Date;
  /** Another address of the API: the local cloud's. */
  readonly endpoint?: string;
  /** What sends the requests; by default Google's own clients. */
  readonly clients?: ComputeClients;
}

/** Steps that refer to nothing of ours. */
const madeOfOthers: readonly CloudStep['do'][] = ['create-neg', 'create-firewall', 'reserve-address'];

/** A filter for any of these values of a field. */
const anyOf = (field: string, values: readonly string[]): string =>
  values.map((value) => `(${field} = "${value}")`).join(' OR ');

/** What carries the name of one of these routes and eight more digits, as a filter takes it. */
const pattern = (prefixes: readonly string[]): string =>
  `${prefixes.length === 1 ? prefixes[0] : `(${prefixes.join('|')})`}${partForm}`;

const named = (...prefixes: readonly string[]): string => `name eq "${pattern(prefixes)}"`;

/** A name out of an answer becomes part of a path: only one that was asked for does. */
const isNamed = (prefixes: readonly string[], name: string | null | undefined): name is string =>
  new RegExp(`^(?:${pattern(prefixes)})$`).test(name ?? '');

/** Names in one filter: it travels in the URL. */
const mostNames = 50;

/** Google Compute Engine behind the port, for one cluster's projects and region. */
export const createCompute = ({
  project,
  region,
  networkProject = project,
  tokens,
  now,
  endpoint,
  clients = computeClients(restOptions(project, tokens, endpoint)),
  ...pace
}: ComputeOptions): ComputePort => {
  const get = <T>(call: () => Promise<readonly [T, ...unknown[]]>) =>
    orAbsent(persist(pace, call).then(([value]) => value));
  const rules = async (filter: string) => {
    const request = { project, region, filter };
    return (
      await allPages(pace, (asked, options) => clients.forwardingRules().list(asked, options), request)
    ).map(toForwardingRule);
  };
  const absent = new AbsentNegs();
  const endpointsOf = async (zone: string, name: string): Promise<readonly string[]> => {
    const found = await listEndpoints(clients, pace, project, { zone, name });
    if (found === undefined) absent.add({ zone, name });
    return found ?? [];
  };
  const addressesIn = async (owner: string, filter?: string) => {
    const request = { project: owner, region, ...(filter === undefined ? {} : { filter }) };
    return (await allPages(pace, (asked, options) => clients.addresses().list(asked, options), request)).map(
      (address) => toAddress(address, owner),
    );
  };
  const addresses = async (filter?: string) => {
    const owners = [...new Set([project, networkProject])];
    const found = (await Promise.all(owners.map((owner) => addressesIn(owner, filter)))).flat();
    // An external address is used in its own project only; the subnetwork of an internal one is named in its rule.
    return found.filter(
      ({ name, scheme, subnetwork, project: owner }) =>
        isComputeName(name) && (scheme === 'INTERNAL' ? isComputeName(subnetwork) : owner === project),
    );
  };
  return {
    backendService: async (name) => {
      const found = await get(() =>
        sendOnce((options) =>
          clients.backendServices().get({ project, region, backendService: name }, options),
        ),
      );
      // By the name that was asked for: it becomes part of a path again.
      return found && { ...toBackendService(found), name };
    },
    forwardingRulesNamed: async (prefixes) => {
      const batches = Array.from({ length: Math.ceil(prefixes.length / mostNames) }, (_, i) =>
        prefixes.slice(i * mostNames, (i + 1) * mostNames),
      );
      const found = batches.map(async (batch) =>
        (await rules(named(...batch))).filter(({ name }) => isNamed(batch, name)),
      );
      return (await Promise.all(found)).flat();
    },
    forwardingRulesOf: (ips) => (ips.length === 0 ? Promise.resolve([]) : rules(anyOf('IPAddress', ips))),
    firewall: async (name) => {
      const found = await get(() =>
        sendOnce((options) => clients.firewalls().get({ project: networkProject, firewall: name }, options)),
      );
      return found && { ...toFirewall(found), name };
    },
    negsNamed: async (zone, prefix, expected) => {
      const filter = named(prefix);
      const likely = expected.filter((name) => !absent.has({ zone, name }));
      const guessed = new Map(likely.map((name) => [name, endpointsOf(zone, name)]));
      const [found] = await Promise.all([
        allPages(pace, (asked, options) => clients.negs().list(asked, options), { project, zone, filter }),
        ...guessed.values(),
      ]);
      const ours = found.flatMap(({ name, ...one }) => (isNamed([prefix], name) ? [{ ...one, name }] : []));
      for (const { name } of ours) absent.delete({ zone, name });
      return Promise.all(
        ours.map(async (one) => ({
          ...toNegAlone(one),
          zone,
          endpoints: await (guessed.get(one.name) ?? endpointsOf(zone, one.name)),
        })),
      );
    },
    vm: async (zone, instance): Promise<Vm> => {
      try {
        const found = await get(() =>
          sendOnce((options) => clients.instances().get({ project, zone, instance }, options)),
        );
        return found === undefined ? goneVm : toVm(found);
      } catch (error) {
        if (error instanceof Failure) return { state: 'unreadable', subnetworks: [] };
        throw error;
      }
    },
    addresses: () => addresses(),
    addressesOf: (ips) => (ips.length === 0 ? Promise.resolve([]) : addresses(anyOf('address', ips))),
    apply: async (step, deadline) => {
      if (step.do === 'create-neg') absent.delete(step.neg);
      const send = sender(clients, { project, networkProject, region }, step);
      const remaining = until(deadline, now);
      const what = `${step.do} is not answered`;
      try {
        // Only this very request is sent again, with its requestId, and only when no verdict on it came back.
        const operation = await persist(
          pace,
          () => sendOnce(send, Math.min(requestTimeout, remaining.ms(what))),
          ({ kind, status }) => kind === 'retry' && (status === 0 || status >= 500),
        );
        await finish(clients, operation, pace, remaining);
      } catch (error) {
        if (!(error instanceof Failure) || error.kind !== 'not-found') throw error;
        if (step.do.startsWith('delete-') || step.do === 'detach') return;
        // Our own resources come back by themselves; a network or prefix that a step refers to does not.
        if (!madeOfOthers.includes(step.do)) throw error;
        throw new Failure('user', error.code, error.status, error.message, { cause: error });
      }
    },
  };
};
