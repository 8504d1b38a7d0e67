import { findCondition } from './conditions.ts';
import { type HolderRecord, sameHolder } from './holder-record.ts';
import { ownerOf, type RouteObservation, stemOfRoute } from './observation.ts';
import { isOwnedBy, recordOf } from './ownership.ts';
import { type Choice, isLeader, leaderOf } from './plan-service.ts';

/**
 * What of a change that is over is no longer so in Google Cloud, in words; `undefined` when nothing is. A new choice of
 * holder, a new address or another Gateway's will is no drift: those are our own work.
 * Source: design/concepts.md, *Conditions of a GKEIPRoute* (`GCPReady=False/Mutated`: drift found, repair not done).
 */
export const driftOf = (o: RouteObservation, { ips, holder, chosen }: Choice): string | undefined => {
  if (!wasReady(o)) return undefined;
  const { backendService, rules, firewall } = o.cloud;
  if (backendService === undefined) return 'the backend service is gone';
  const record = recordOf(backendService.description);
  if (record === undefined) return 'the holder record is gone';
  if (!sameHolder(record.holder, holder)) return undefined;
  const leader = leaderOf(o, stemOfRoute(o.cluster.key, o.route), chosen);
  if (leader !== undefined && !isLeader(o, backendService, leader))
    return `the leader is not node ${leader.instance}`;
  const lost = lostRules(o, ips, record);
  if (lost.length > 0) return `the forwarding rule of ${lost.join(', ')} is gone`;
  return rules.length > 0 && firewall === undefined ? 'the firewall rule is gone' : undefined;
};

/** The status of this generation says that Google Cloud had everything, or that a repair is under way. */
const wasReady = ({ route }: RouteObservation): boolean => {
  const before = findCondition(route.status.conditions, 'GCPReady');
  const done = before?.status === 'True' || before?.reason === 'Mutated';
  return done && before.observedGeneration === route.metadata.generation;
};

const lostRules = (o: RouteObservation, ips: readonly string[], record: HolderRecord): readonly string[] => {
  const owner = ownerOf(o);
  const held = o.cloud.rules.filter(
    ({ description, backendService }) =>
      isOwnedBy(owner, description) && backendService === o.cloud.backendService?.name,
  );
  return ips.filter((ip) => record.addresses.includes(ip) && !held.some((rule) => rule.ip === ip));
};
