import type { JsonObject } from '../../../infra/local/kubernetes/objects/object.ts';
import type { Chance } from '../../functions/persistent-ip/model/generated/chance.ts';
import { apps, blue, external, externalClass, internal, internalClass } from './stock.ts';

/** Objects as users write them, good ones and bad ones. */

const listenerOf = (chance: Chance): JsonObject => {
  const namespaces: JsonObject = chance.pick<JsonObject>(
    [6, () => ({ from: 'All' })],
    [2, () => ({ from: 'Selector', selector: { matchLabels: { team: chance.one(['edge', 'shop']) } } })],
    [1, () => ({ from: 'Same' })],
  );
  return { name: 'default', protocol: 'none', port: 443, allowedRoutes: { namespaces } };
};

const externalAddresses = (chance: Chance): JsonObject[] =>
  chance.pick<JsonObject[]>(
    [4, () => external.map((value) => ({ type: 'IPAddress', value }))],
    [2, () => [{ type: 'gke.networking.io/cidr', value: '34.1.2.0/29' }]],
    [2, () => [...external].slice(0, chance.between(1, 4)).map((value) => ({ type: 'IPAddress', value }))],
    [
      1,
      () => [
        { type: 'NamedAddress', value: 'ip-34-1-2-3' },
        { type: 'IPAddress', value: external[1] },
      ],
    ],
  );

export const gatewaySpec = (chance: Chance, name: string): JsonObject => {
  const isInner = name === 'inner';
  return {
    gatewayClassName: isInner ? internalClass : externalClass,
    listeners: [listenerOf(chance)],
    addresses: isInner ? internal.map((value) => ({ type: 'IPAddress', value })) : externalAddresses(chance),
  };
};

/** Values that no address of a pool is, beside the good ones. */
export const routeAddresses = (chance: Chance, inner: boolean): JsonObject[] => {
  const cidr = (value: string): JsonObject => ({ type: 'gke.networking.io/cidr', value });
  const ips: readonly string[] = inner ? internal : external;
  return chance.pick<JsonObject[]>(
    [8, () => [cidr(`${chance.one(ips)}/32`)]],
    [3, () => [...new Set(chance.times(2, 3, () => chance.one(ips)))].map((ip) => cidr(`${ip}/32`))],
    [2, () => [cidr(inner ? '10.128.0.100/31' : chance.one(['34.1.2.4/31', '34.1.2.0/29']))]],
    [1, () => [{ type: 'IPAddress', value: chance.one(ips) }]],
    [1, () => [cidr('2001:db8::1/128')]],
    [1, () => [cidr('34.9.9.9/32')]],
  );
};

export const podSelector = (chance: Chance): JsonObject =>
  chance.pick<JsonObject>(
    [12, () => ({ matchLabels: { app: chance.one(apps) } })],
    [1, () => ({ matchExpressions: [{ key: 'app', operator: 'In', values: [...apps] }] })],
    [1, () => ({})],
  );

export const routeSpec = (chance: Chance): JsonObject => {
  const inner = chance.in(25);
  return {
    parentRefs: [{ name: inner ? 'inner' : 'pool', namespace: 'infra' }],
    addresses: routeAddresses(chance, inner),
    podSelector: podSelector(chance),
    network: !inner && chance.in(20) ? blue.network : 'default',
    reactionMode: chance.in(30) ? 'Exists' : 'ReadyCondition',
  };
};
