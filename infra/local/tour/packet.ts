import { contains, parseCidr, parseIp } from '../../../functions/persistent-ip/cidr.ts';
import type { Admin } from '../admin.ts';
import type { LocalCloud } from '../cloud.ts';

/** Where a packet ends: `undefined` from the step on at which it is lost. */
export interface Packet {
  /** The leader of the backend service that the address's forwarding rule points at. */
  readonly node: string | undefined;
  /** `NAMESPACE/NAME` of the Pod that the agent of that node hands it to. */
  readonly pod: string | undefined;
  /** The Pod's own address on the network that the packet came by. */
  readonly podIP?: string | undefined;
}

interface Rule {
  readonly IPAddress: string;
  readonly backendService?: string;
}

interface Service {
  readonly haPolicy?: { readonly leader?: { readonly networkEndpoint?: { readonly instance?: string } } };
}

/** Follows a packet as the cloud would carry it: forwarding rule, leader, the node's datapath. */
export const tracePacket = async (
  { region, nodes }: Pick<LocalCloud, 'region' | 'nodes'>,
  admin: Admin,
  address: string,
): Promise<Packet> => {
  const { items = [] } = (await admin.compute('GET', `/regions/${region}/forwardingRules`)) as {
    items?: readonly Rule[];
  };
  const service = items
    .find(({ IPAddress }) => IPAddress === address)
    ?.backendService?.split('/')
    .at(-1);
  if (service === undefined) return { node: undefined, pod: undefined };
  const { haPolicy } = (await admin.compute(
    'GET',
    `/regions/${region}/backendServices/${service}`,
  )) as Service;
  const node = haPolicy?.leader?.networkEndpoint?.instance?.split('/').at(-1);
  if (node === undefined) return { node, pod: undefined };
  const ip = parseIp(address) ?? -1;
  const entry = [...nodes.datapath(node)].find(([cidr]) => {
    const block = parseCidr(cidr);
    return typeof block !== 'string' && contains(block, ip);
  });
  return { node, pod: entry?.[1].pod, podIP: entry?.[1].podIP };
};
