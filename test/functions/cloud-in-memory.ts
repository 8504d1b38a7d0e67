import type {
  Address,
  BackendService,
  CloudStep,
  Firewall,
  ForwardingRule,
  Neg,
  NegRef,
} from '../../functions/persistent-ip/cloud.ts';
import { Failure } from '../../functions/persistent-ip/failure.ts';
import { address } from './fixtures.ts';

/** What one project holds of a region: by name, NEGs by `zone/name`. */
export interface CloudInMemory {
  readonly services: Map<string, BackendService>;
  readonly rules: Map<string, ForwardingRule>;
  readonly firewalls: Map<string, Firewall>;
  readonly negs: Map<string, Neg>;
  readonly reserved: Address[];
}

export const negKey = ({ zone, name }: { zone: string; name: string }): string => `${zone}/${name}`;

/**
 * Makes one change of Google Cloud, refusing what Compute refuses: a stale fingerprint, a name or an address in use, a
 * deletion before that of the dependents.
 *
 * @param fingerprint the new one, of what the step writes
 */
export const applyStep = (cloud: CloudInMemory, step: CloudStep, fingerprint: string): void => {
  switch (step.do) {
    case 'create-neg':
      cloud.negs.set(negKey(step.neg), {
        ...step.neg,
        owner: step.description,
        network: step.network,
        subnetwork: step.subnetwork,
        endpoints: [],
      });
      return;
    case 'attach': {
      if (step.instances.length > 500)
        throw new Failure('user', 'invalid', 400, 'at most 500 endpoints a call');
      const neg = cloud.negs.get(negKey(step.neg));
      if (neg === undefined) throw new Failure('not-found', 'notFound', 404, 'no such NEG');
      cloud.negs.set(negKey(neg), { ...neg, endpoints: [...neg.endpoints, ...step.instances] });
      return;
    }
    case 'detach': {
      const neg = cloud.negs.get(negKey(step.neg));
      for (const instance of step.instances) {
        const leads = [...cloud.services.values()].some(
          ({ leader }) => leader?.instance === instance && negKey(leader.neg) === negKey(step.neg),
        );
        if (leads) throw new Failure('in-use', 'resourceInUseByAnotherResource', 400, 'it is the leader');
        if (neg?.endpoints.includes(instance) !== true)
          throw new Failure('user', 'invalid', 400, 'it is not attached');
      }
      if (neg === undefined) return;
      const endpoints = neg.endpoints.filter((instance) => !step.instances.includes(instance));
      cloud.negs.set(negKey(neg), { ...neg, endpoints });
      return;
    }
    case 'create-backend-service':
      if (cloud.services.has(step.name)) throw new Failure('exists', 'alreadyExists', 409, 'already exists');
      checkOneNetwork(cloud, step.backends);
      cloud.services.set(step.name, { ...step, fingerprint });
      return;
    case 'patch-backend-service': {
      const service = cloud.services.get(step.name);
      if (service === undefined) throw new Failure('not-found', 'notFound', 404, 'no such service');
      if (service.fingerprint !== step.fingerprint)
        throw new Failure('stale', 'conditionNotMet', 412, 'stale fingerprint');
      const { description, leader = service.leader, backends = service.backends } = step;
      checkOneNetwork(cloud, backends);
      cloud.services.set(step.name, {
        ...service,
        description,
        backends,
        fingerprint,
        ...(leader && { leader }),
      });
      return;
    }
    case 'create-forwarding-rule': {
      const network = step.reach.scheme === 'INTERNAL' ? step.reach.network : '';
      if ([...cloud.rules.values()].some((rule) => rule.ip === step.ip && rule.network === network))
        throw new Failure('address-in-use', 'IP_IN_USE_BY_ANOTHER_RESOURCE', 409, `${step.ip} is in use`);
      const allowGlobalAccess = step.reach.scheme === 'INTERNAL' && step.reach.allowGlobalAccess;
      cloud.rules.set(step.name, { ...step, fingerprint, network, allowGlobalAccess });
      return;
    }
    case 'patch-forwarding-rule': {
      const rule = cloud.rules.get(step.name);
      if (rule === undefined) throw new Failure('not-found', 'notFound', 404, 'no such rule');
      if (rule.fingerprint !== step.fingerprint)
        throw new Failure('stale', 'conditionNotMet', 412, 'stale fingerprint');
      cloud.rules.set(step.name, { ...rule, fingerprint, allowGlobalAccess: step.allowGlobalAccess });
      return;
    }
    case 'reserve-address': {
      if (cloud.reserved.some(({ name }) => name === step.name))
        throw new Failure('exists', 'alreadyExists', 409, 'already exists');
      const internal = step.from.scheme === 'INTERNAL' ? step.from.subnetwork : '';
      const range = internal === '' ? '34.200.0' : '10.128.0';
      let number = 10;
      while (cloud.reserved.some(({ ip }) => ip === `${range}.${number}`)) number += 1;
      cloud.reserved.push(
        address(`${range}.${number}`, {
          name: step.name,
          scheme: step.from.scheme,
          subnetwork: internal,
          purpose: internal === '' ? '' : 'GCE_ENDPOINT',
          description: step.description,
        }),
      );
      return;
    }
    case 'delete-address': {
      const found = cloud.reserved.find(({ name }) => name === step.name);
      if (found === undefined) return;
      if ([...cloud.rules.values()].some(({ ip }) => ip === found.ip))
        throw new Failure('in-use', 'resourceInUseByAnotherResource', 400, 'in use');
      cloud.reserved.splice(cloud.reserved.indexOf(found), 1);
      return;
    }
    case 'create-firewall':
    case 'patch-firewall':
      cloud.firewalls.set(step.name, { ...step });
      return;
    case 'delete-forwarding-rule':
      cloud.rules.delete(step.name);
      return;
    case 'delete-firewall':
      cloud.firewalls.delete(step.name);
      return;
    case 'delete-backend-service':
      if ([...cloud.rules.values()].some(({ backendService }) => backendService === step.name))
        throw new Failure('in-use', 'resourceInUseByAnotherResource', 400, 'in use');
      cloud.services.delete(step.name);
      return;
    case 'delete-neg':
      cloud.negs.delete(negKey(step.neg));
  }
};

const checkOneNetwork = (cloud: CloudInMemory, backends: readonly NegRef[]): void => {
  const networks = new Set(backends.map((ref) => cloud.negs.get(negKey(ref))?.network));
  if (networks.size > 1)
    throw new Failure('user', 'invalid', 400, 'It is not of the network of the backend service.');
};
