import type { CloudStep, NegRef, Stage } from './cloud.ts';

/** A change of Google Cloud as people read it. */
export interface ComputeCall {
  /** Compute Engine's own name of the method, as its audit log has it. */
  readonly call: string;
  /** The resource; of a NEG with its zone before it. */
  readonly on: string;
  readonly what: string;
}

const negText = ({ zone, name }: NegRef): string => `${zone}/${name}`;
const backendsText = (backends: readonly NegRef[]): string =>
  `${backends.length} ${backends.length === 1 ? 'backend' : 'backends'}`;

/** The one call that a step is. Source: Compute Engine API v1; functions/google-cloud/compute-steps.ts sends it. */
export const computeCall = (step: CloudStep): ComputeCall => {
  switch (step.do) {
    case 'create-neg':
      return {
        call: 'networkEndpointGroups.insert',
        on: negText(step.neg),
        what: `in subnetwork ${step.subnetwork}`,
      };
    case 'attach':
      return {
        call: 'networkEndpointGroups.attachNetworkEndpoints',
        on: negText(step.neg),
        what: step.instances.join(', '),
      };
    case 'detach':
      return {
        call: 'networkEndpointGroups.detachNetworkEndpoints',
        on: negText(step.neg),
        what: step.instances.join(', '),
      };
    case 'delete-neg':
      return { call: 'networkEndpointGroups.delete', on: negText(step.neg), what: '' };
    case 'create-backend-service':
      return {
        call: 'regionBackendServices.insert',
        on: step.name,
        what: `leader ${step.leader.instance}, ${backendsText(step.backends)}`,
      };
    case 'patch-backend-service': {
      const changes = [
        ...(step.leader === undefined ? [] : [`leader ${step.leader.instance}`]),
        ...(step.backends === undefined ? [] : [backendsText(step.backends)]),
      ];
      return {
        call: 'regionBackendServices.patch',
        on: step.name,
        what: [...changes, 'the record of who holds the addresses'].join(', '),
      };
    }
    case 'delete-backend-service':
      return { call: 'regionBackendServices.delete', on: step.name, what: '' };
    case 'create-forwarding-rule':
      return { call: 'forwardingRules.insert', on: step.name, what: `${step.ip}, ${step.reach.scheme}` };
    case 'patch-forwarding-rule':
      return {
        call: 'forwardingRules.patch',
        on: step.name,
        what: `allowGlobalAccess: ${step.allowGlobalAccess}`,
      };
    case 'delete-forwarding-rule':
      return { call: 'forwardingRules.delete', on: step.name, what: '' };
    case 'create-firewall':
    case 'patch-firewall':
      return {
        call: step.do === 'create-firewall' ? 'firewalls.insert' : 'firewalls.update',
        on: step.name,
        what: `from ${step.sourceRanges.join(', ')} to ${step.destinationRanges.join(', ')}`,
      };
    case 'delete-firewall':
      return { call: 'firewalls.delete', on: step.name, what: '' };
    case 'reserve-address':
      return {
        call: 'addresses.insert',
        on: step.name,
        what: step.from.scheme === 'INTERNAL' ? `in subnetwork ${step.from.subnetwork}` : step.from.scheme,
      };
    case 'delete-address':
      return { call: 'addresses.delete', on: step.name, what: '' };
  }
};

/** Stage after stage, the calls of one stage side by side. */
export type Calls = readonly (readonly ComputeCall[])[];

/** Stems of the names of objects whose uid is not known yet. */
export type Stems = readonly string[];

const hash = /[0-9a-f]{12}$/;

/** The calls of some stages; of what depends on a uid that nobody knows only the readable part is shown. */
export const callsOf = (stages: readonly Stage[], stems: Stems = []): Calls =>
  stages.map((stage) =>
    stage.map((step) => {
      const { call, on, what } = computeCall(step);
      const readable = (text: string): string =>
        stems.reduce((shown, stem) => shown.replaceAll(stem, stem.replace(hash, '<uid>')), text);
      return { call, on: readable(on), what: readable(what) };
    }),
  );
