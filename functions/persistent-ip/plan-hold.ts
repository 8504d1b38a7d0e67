import type { Candidate } from './choose-pod.ts';
import type { Stage } from './cloud.ts';
import { type Delivery, ownerOf, type RouteObservation, stemOfRoute } from './observation.ts';
import { describe, isOwnedBy } from './ownership.ts';
import { endpointOf, planEndpoints } from './plan-endpoints.ts';
import { type Exposure, planFirewall, planRules } from './plan-exposure.ts';
import { planIdle } from './plan-idle.ts';
import { type Choice, planService } from './plan-service.ts';

/** What the route should hold: its addresses on one Pod, with the Nodes of all matching Pods as standbys. */
export interface Goal extends Choice, Exposure {
  readonly standbys: readonly Candidate[];
  /** Whether nodes that nothing has needed for a while are let go: see plan-idle.ts. */
  readonly tidies: boolean;
  /** Until when flapping keeps the addresses where they are. */
  readonly nextMove: Date | undefined;
  /** Why a Pod that comes before the chosen one cannot have them. */
  readonly passedOver: string | undefined;
}

export interface HoldPlan {
  readonly stages: readonly Stage[];
  /** Some step changes who receives traffic; without one only standbys come or go and Ready stays. */
  readonly urgent: boolean;
  /** Resources with our names that are not ours: nothing is done until somebody removes them. */
  readonly foreign: readonly string[];
  /** Every address has a forwarding rule under our record. */
  readonly allocated: boolean;
}

/**
 * The steps from what is to what should be: NEGs, endpoints, backend service, then rules and firewall. A move
 * to a standby is one step: it does not wait for other Nodes to become standbys, which is planned when it is done, and
 * a Node that cannot become one keeps no Pod waiting.
 * Source: design/google-cloud.md, *One route, four kinds of resource*.
 */
export const planHold = (o: RouteObservation, goal: Goal, delivery: Delivery): HoldPlan => {
  const whole = planWith(o, goal, goal.standbys, delivery);
  const leader = goal.standbys.filter((standby) => standby === goal.chosen);
  return whole.urgent ? planWith(o, goal, leader, delivery) : whole;
};

const planWith = (
  o: RouteObservation,
  goal: Goal,
  standbys: Goal['standbys'],
  delivery: Delivery,
): HoldPlan => {
  const stem = stemOfRoute(o.cluster.key, o.route);
  const owner = ownerOf(o);
  const foreign = foreignNames(o);
  const endpoints = standbys.flatMap((standby) => endpointOf(o, stem, standby));
  const attach = planEndpoints(o, endpoints, describe(owner));
  const idle = planIdle(o, goal.tidies);
  const service = planService(o, stem, goal, endpoints, idle.nodes, delivery);
  const rules = planRules(o, stem, goal);
  const firewall = planFirewall(o, stem, goal);
  const nothingToHang = o.cloud.backendService === undefined && service.steps.length === 0;
  const exposed = nothingToHang ? [] : [...rules.create, ...rules.patch, ...firewall];
  const urgent = service.urgent || rules.remove.length > 0 || exposed.length > 0;
  const detach = urgent ? [] : idle.detach;
  const stages = [attach.create, attach.attach, service.steps, rules.remove, exposed, detach];
  return {
    stages: foreign.length > 0 ? [] : stages.filter((stage) => stage.length > 0),
    urgent,
    foreign,
    allocated: rules.create.length === 0,
  };
};

const foreignNames = (o: RouteObservation): readonly string[] => {
  const owner = ownerOf(o);
  const { backendService, firewall, rules, negs } = o.cloud;
  return [
    ...(backendService && !isOwnedBy(owner, backendService.description)
      ? [`backend service ${backendService.name}`]
      : []),
    ...(firewall && !isOwnedBy(owner, firewall.description) ? [`firewall rule ${firewall.name}`] : []),
    ...rules
      .filter(({ description }) => !isOwnedBy(owner, description))
      .map(({ name }) => `forwarding rule ${name}`),
    ...negs
      .filter((neg) => !isOwnedBy(owner, neg.owner))
      .map(({ name, zone }) => `network endpoint group ${zone}/${name}`),
  ];
};
