import type { Rule } from '../schema/structure.ts';
import { dnsName } from './gateway-parts.ts';

/**
 * The CEL rules of Gateway API v1.4 (`apis/v1/gateway_types.go`, `gatewayclass_types.go`, the markers
 * `+kubebuilder:validation:XValidation`), with its messages: no package carries them.
 */

const hostname = `^(\\*\\.)?${dnsName}$`;

const rule = (message: string, text: string): Rule => ({ message, rule: text });

/** The one class's controller, for life. */
export const controllerRules = [rule('Value is immutable', 'self == oldSelf')];

const uniqueOf = (type: string): Rule =>
  rule(
    `${type} values must be unique`,
    `self.all(a1, a1.type == '${type}' && has(a1.value) ? self.exists_one(a2, a2.type == a1.type && has(a2.value) && a2.value == a1.value) : true )`,
  );

export const addressesRules = [uniqueOf('IPAddress'), uniqueOf('Hostname')];

export const addressRules = [
  rule(
    `Hostname value must be empty or contain only valid characters (matching ${hostname})`,
    `self.type == 'Hostname' ? (!has(self.value) || self.value.matches(r"""${hostname}""")): true`,
  ),
];

export const heldAddressRules = [
  rule(
    `Hostname value must only contain valid characters (matching ${hostname})`,
    `self.type == 'Hostname' ? self.value.matches(r"""${hostname}"""): true`,
  ),
];

/** Of the keys of `infrastructure.labels` and `infrastructure.annotations`. */
export const keyRules = (what: 'Label' | 'Annotation'): Rule[] => [
  rule(
    `${what} keys must be in the form of an optional DNS subdomain prefix followed by a required name segment of up to 63 characters.`,
    `self.all(key, key.matches(r"""^(${dnsName}/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$"""))`,
  ),
  rule(
    `If specified, the ${what.toLowerCase()} key's prefix must be a DNS subdomain not longer than 253 characters in total.`,
    'self.all(key, key.split("/")[0].size() < 253)',
  ),
];

export const listenerTlsRules = [
  rule(
    'certificateRefs or options must be specified when mode is Terminate',
    "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 || size(self.options) > 0 : true",
  ),
];

export const listenersRules = [
  rule(
    "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
    "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
  ),
  rule(
    'tls mode must be Terminate for protocol HTTPS',
    "self.all(l, (l.protocol == 'HTTPS' && has(l.tls)) ? (l.tls.mode == '' || l.tls.mode == 'Terminate') : true)",
  ),
  rule(
    "hostname must not be specified for protocols ['TCP', 'UDP']",
    "self.all(l, l.protocol in ['TCP', 'UDP']  ? (!has(l.hostname) || l.hostname == '') : true)",
  ),
  rule(
    'Listener name must be unique within the Gateway',
    'self.all(l1, self.exists_one(l2, l1.name == l2.name))',
  ),
  rule(
    'Combination of port, protocol and hostname must be unique for each listener',
    'self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol && (has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))',
  ),
];
