import type { CloudStep } from '../../../functions/persistent-ip/cloud.ts';
import type { View } from '../cloud/view.ts';
import type { Delivery } from '../functions/delivery.ts';
import { routeUid } from './chronicle.ts';
import type { Invariant } from './invariant.ts';

interface Resource {
  readonly what: string;
  readonly name: string;
  readonly description: string;
}

const resources = (view: View): readonly Resource[] => [
  ...view.services.map(({ name, description }) => ({ what: 'backend service', name, description })),
  ...view.rules.map(({ name, description }) => ({ what: 'forwarding rule', name, description })),
  ...view.firewalls.map(({ name, description }) => ({ what: 'firewall rule', name, description })),
  ...view.negs.map(({ zone, name, owner = '' }) => ({
    what: 'NEG',
    name: `${zone}/${name}`,
    description: owner,
  })),
];

/** What a step changes or deletes that may be there already. */
const target = (step: CloudStep): string | undefined => {
  if (step.do.startsWith('create-') || step.do === 'reserve-address') return undefined;
  return 'neg' in step ? `${step.neg.zone}/${step.neg.name}` : step.name;
};

/** Whether the delivery itself made it, or read our record on it. */
const isKnown = (delivery: Delivery, name: string): boolean =>
  delivery.steps.some((step) => {
    const made = step as CloudStep;
    return made.do === 'create-neg' && `${made.neg.zone}/${made.neg.name}` === name;
  }) ||
  delivery.looks.some(({ value }) => {
    const all = (Array.isArray(value) ? value : [value]) as (
      | { name?: string; zone?: string; description?: string; owner?: string }
      | undefined
    )[];
    return all.some(
      (one) =>
        one !== undefined &&
        (one.name === name || `${one.zone}/${one.name}` === name) &&
        isRecord(one.description ?? one.owner ?? ''),
    );
  });

const isRecord = (description: string): boolean =>
  routeUid(description) !== undefined || description.includes('"gateway"');

/**
 * design/concepts.md, invariant 4: *after deletion nothing that carries our name is left; nothing without our ownership
 * record is ever touched.*
 */
export const noOrphans: Invariant = {
  number: 4,
  name: 'no orphans',
  onStep: (_, delivery, step) => {
    const name = target(step);
    return name === undefined || isKnown(delivery, name)
      ? undefined
      : `${delivery.label} wants to ${step.do} ${name}, on which it has seen no record of ours`;
  },
  atRest: ({ view }) => {
    const routes = new Set(view.routes.map(({ metadata }) => metadata.uid));
    const gateways = new Set(view.gateways.map(({ metadata }) => metadata.uid));
    const orphan = resources(view).find(({ description }) => !routes.has(routeUid(description) ?? ''));
    if (orphan !== undefined) return `${orphan.what} ${orphan.name} is left, and its route is gone`;
    const address = view.addresses.find(
      ({ description }) =>
        description !== '' &&
        !gateways.has((JSON.parse(description) as { gateway?: { uid?: string } }).gateway?.uid ?? ''),
    );
    return address === undefined ? undefined : `address ${address.name} is left, and its Gateway is gone`;
  },
};
