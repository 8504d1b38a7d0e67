import { invalid, required } from '../errors.ts';
import { globalScope, keyOf, urlOf } from '../resource-url.ts';
import type { Firewall } from '../types.ts';
import { isCidr } from './ip-pool.ts';
import type { At, Content, Draft, Kind } from './kind.ts';

type Rule = Draft<Firewall> & {
  readonly allowed?: readonly { readonly IPProtocol?: string }[];
  readonly denied?: readonly { readonly IPProtocol?: string }[];
  readonly sourceTags?: readonly string[];
  readonly sourceServiceAccounts?: readonly string[];
};

const some = (list: readonly unknown[] | undefined): boolean => (list?.length ?? 0) > 0;

const checkRanges = (rule: Rule): void => {
  for (const field of ['sourceRanges', 'destinationRanges'] as const) {
    rule[field]?.forEach((range, i) => {
      if (!isCidr(range))
        throw invalid(`resource.${field}[${i}]`, range, 'Must be a valid IPv4 or IPv6 CIDR.');
    });
  }
};

const checkEntries = (rule: Rule): void => {
  if (some(rule.allowed) && some(rule.denied)) {
    throw invalid('resource', undefined, 'A firewall cannot have both allowed and denied.');
  }
  if (!some(rule.allowed) && !some(rule.denied)) throw required('resource.allowed');
  (rule.allowed ?? rule.denied ?? []).forEach(({ IPProtocol }, i) => {
    if (IPProtocol === undefined) throw required(`resource.allowed[${i}].IPProtocol`);
  });
};

/** Proto comments of Firewall: direction INGRESS, priority 1000, every source, network `default`. */
const content = (rule: Rule, at: At): Content<Firewall> => {
  checkRanges(rule);
  checkEntries(rule);
  const direction = rule.direction ?? 'INGRESS';
  const priority = rule.priority ?? 1000;
  if (priority < 0 || priority > 65535) {
    throw invalid('resource.priority', priority, 'Must be between 0 and 65535.');
  }
  const sources = some(rule.sourceRanges) || some(rule.sourceTags) || some(rule.sourceServiceAccounts);
  if (direction === 'EGRESS' && sources) {
    throw invalid('resource.sourceRanges', rule.sourceRanges, 'Sources cannot be set for EGRESS.');
  }
  const network = rule.network ?? urlOf(keyOf(globalScope(at.project), 'networks', 'default'));
  const everything = ['0.0.0.0/0'];
  const implied =
    direction === 'EGRESS'
      ? some(rule.destinationRanges)
        ? {}
        : { destinationRanges: everything }
      : sources
        ? {}
        : { sourceRanges: everything };
  const made = {
    disabled: false,
    logConfig: { enable: false },
    ...rule,
    ...implied,
    direction,
    priority,
    network: urlOf(at.world.refer('networks', network, 'resource.network', at.project).key),
  };
  return made;
};

const change = (next: Rule, current: Firewall, at: At): Content<Firewall> => {
  const made = content({ network: current.network, ...next }, at);
  for (const field of ['network', 'direction'] as const) {
    if (made[field] !== current[field])
      throw invalid(`resource.${field}`, made[field], 'It cannot be updated.');
  }
  return made;
};

/** Global VPC firewall rules. They have no fingerprint: the last writer wins. */
export const firewalls: Kind<'firewalls'> = {
  collection: 'firewalls',
  service: 'Firewalls',
  message: 'Firewall',
  title: 'firewall',
  scopes: ['global'],
  insert: content,
  change,
};
