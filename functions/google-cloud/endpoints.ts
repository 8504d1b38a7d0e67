import type { NegRef } from '../persistent-ip/cloud.ts';
import type { ComputeClients } from './compute-clients.ts';
import { gather } from './pages.ts';
import { orAbsent, type Pace } from './persist.ts';
import { shortName } from './resource-urls.ts';

/** Short names of the VMs attached to a NEG; `undefined` for one that is gone. */
export const listEndpoints = (
  clients: ComputeClients,
  pace: Pace,
  project: string,
  { zone, name }: NegRef,
): Promise<readonly string[] | undefined> => {
  const found = gather(
    pace,
    (asked, options) => clients.negs().listNetworkEndpoints(asked, options),
    { project, zone, networkEndpointGroup: name },
    ({ networkEndpoint }) => [shortName(networkEndpoint?.instance)],
  );
  return orAbsent(found);
};
