import { randomUUID } from 'node:crypto';
import type { CallOptions } from 'google-gax';
import type { CloudStep } from '../persistent-ip/cloud.ts';
import { Failure } from '../persistent-ip/failure.ts';
import {
  addressBody,
  endpointsBody,
  firewallBody,
  forwardingRuleBody,
  negBody,
  newBackendServiceBody,
  type Place,
  patchedBackendServiceBody,
  patchedForwardingRuleBody,
} from './compute-bodies.ts';
import type { ComputeClients } from './compute-clients.ts';

/** An operation that was accepted, by the scope that it is asked about in. */
export interface Accepted {
  readonly name: string;
  readonly project: string;
  readonly scope: { readonly zone: string } | { readonly region: string } | 'global';
}

/** What an accepted call resolves to: the client wraps the operation it got, and calls its id its name. */
interface Answer {
  readonly name?: string | null;
  readonly latestResponse?: { readonly name?: string | null };
}

const operationName = /^[a-z0-9][-a-z0-9]*$/i;

type Call = (options: CallOptions) => Promise<readonly [unknown, ...unknown[]]>;

/**
 * One step as a function that sends its request. The `requestId` is made here, once a step and at random: it is sent
 * again only when this very request is, and never derived from the intent, because the server does nothing for an
 * id whose request it has completed. Source: design/google-cloud.md, *Concurrency and idempotency*.
 */
export const sender = (
  clients: ComputeClients,
  place: Place,
  step: CloudStep,
): ((options: CallOptions) => Promise<Accepted>) => {
  const scope = scopeOf(place, step);
  const call = callOf(clients, place, step, randomUUID());
  return async (options) => {
    const [answer] = await call(options);
    const { name, latestResponse } = answer as Answer;
    const { project, networkProject } = place;
    const operation = latestResponse?.name ?? name ?? '';
    // Sent again with its requestId, the same request is answered by the same operation.
    if (!operationName.test(operation))
      throw new Failure('retry', 'UnreadableAnswer', 0, `${step.do} was answered without an operation`);
    return {
      name: operation,
      project: scope === 'global' ? networkProject : project,
      scope,
    };
  };
};

const scopeOf = ({ region }: Place, step: CloudStep): Accepted['scope'] => {
  if ('neg' in step) return { zone: step.neg.zone };
  return step.do.endsWith('-firewall') ? 'global' : { region };
};

const callOf = (clients: ComputeClients, place: Place, step: CloudStep, requestId: string): Call => {
  const { project, networkProject, region } = place;
  const global = { project, requestId };
  const regional = { project, region, requestId };
  const ofNetwork = { project: networkProject, requestId };
  switch (step.do) {
    case 'create-neg': {
      const body = { networkEndpointGroupResource: negBody(place, step) };
      return (options) => clients.negs().insert({ ...global, zone: step.neg.zone, ...body }, options);
    }
    case 'attach': {
      const { zone, name: networkEndpointGroup } = step.neg;
      const body = { networkEndpointGroupsAttachEndpointsRequestResource: endpointsBody(step) };
      const request = { ...global, zone, networkEndpointGroup, ...body };
      return (options) => clients.negs().attachNetworkEndpoints(request, options);
    }
    case 'detach': {
      const { zone, name: networkEndpointGroup } = step.neg;
      const body = { networkEndpointGroupsDetachEndpointsRequestResource: endpointsBody(step) };
      const request = { ...global, zone, networkEndpointGroup, ...body };
      return (options) => clients.negs().detachNetworkEndpoints(request, options);
    }
    case 'create-backend-service': {
      const body = { backendServiceResource: newBackendServiceBody(place, step) };
      return (options) => clients.backendServices().insert({ ...regional, ...body }, options);
    }
    case 'patch-backend-service': {
      const body = { backendServiceResource: patchedBackendServiceBody(place, step) };
      const request = { ...regional, backendService: step.name, ...body };
      return (options) => clients.backendServices().patch(request, options);
    }
    case 'create-forwarding-rule': {
      const body = { forwardingRuleResource: forwardingRuleBody(place, step) };
      return (options) => clients.forwardingRules().insert({ ...regional, ...body }, options);
    }
    case 'patch-forwarding-rule': {
      const body = { forwardingRuleResource: patchedForwardingRuleBody(step) };
      const request = { ...regional, forwardingRule: step.name, ...body };
      return (options) => clients.forwardingRules().patch(request, options);
    }
    case 'reserve-address': {
      const body = { addressResource: addressBody(place, step) };
      return (options) => clients.addresses().insert({ ...regional, ...body }, options);
    }
    case 'create-firewall': {
      const body = { firewallResource: firewallBody(place, step) };
      return (options) => clients.firewalls().insert({ ...ofNetwork, ...body }, options);
    }
    case 'patch-firewall': {
      // By PUT, of the whole rule: a PATCH cannot take the nodes' tag off, for the client drops empty lists.
      const body = { firewallResource: firewallBody(place, step) };
      return (options) => clients.firewalls().update({ ...ofNetwork, firewall: step.name, ...body }, options);
    }
    case 'delete-forwarding-rule':
      return (options) =>
        clients.forwardingRules().delete({ ...regional, forwardingRule: step.name }, options);
    case 'delete-address':
      return (options) => clients.addresses().delete({ ...regional, address: step.name }, options);
    case 'delete-firewall':
      return (options) => clients.firewalls().delete({ ...ofNetwork, firewall: step.name }, options);
    case 'delete-backend-service':
      return (options) =>
        clients.backendServices().delete({ ...regional, backendService: step.name }, options);
    case 'delete-neg': {
      const { zone, name: networkEndpointGroup } = step.neg;
      return (options) => clients.negs().delete({ ...global, zone, networkEndpointGroup }, options);
    }
  }
};
