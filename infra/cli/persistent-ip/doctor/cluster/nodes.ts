import type { ClusterConfig } from '../../../../../functions/config.ts';
import { toNode } from '../../../../../functions/kubernetes/objects.ts';
import { list, object, text } from '../../../../../functions/kubernetes/read.ts';
import type { Node } from '../../../../../functions/persistent-ip/objects.ts';
import type { ClusterApi } from '../cluster-api.ts';
import { CannotLook, counted, type Finding, failed, ok, skipped, some, unknown } from '../finding.ts';
import type { ClusterGround } from '../ground.ts';

const pageSize = 500;
/** GKE's largest cluster has 65,000 nodes. */
const mostPages = 130;

const readNodes = async (api: ClusterApi, signal: AbortSignal): Promise<readonly Node[]> => {
  const nodes: Node[] = [];
  let token = '';
  for (let page = 0; page < mostPages; page += 1) {
    const query = new URLSearchParams({
      limit: String(pageSize),
      ...(token === '' ? {} : { continue: token }),
    });
    const { items, metadata } = (await api.get(`/api/v1/nodes?${query}`, signal)) ?? {};
    nodes.push(...list(items).map((item) => toNode(object(item))));
    token = text(object(metadata).continue);
    if (token === '') return nodes;
  }
  throw new CannotLook(unknown('the list of nodes does not end'));
};

const apply = 'terraform apply: zones and subnetworks are read from the cluster at each plan';

/**
 * Whether every node is where the functions look for nodes: in the zones and subnetworks of their configuration, which is
 * from the last apply. A Pod on any other node never gets an address.
 */
export const judgeNodes = (
  nodes: readonly Node[],
  { zones, subnetwork, moreSubnetworks }: Pick<ClusterConfig, 'zones' | 'subnetwork' | 'moreSubnetworks'>,
): Finding => {
  if (nodes.length === 0) return skipped('the cluster has no node now');
  const nameless = nodes.filter(({ instance }) => instance === undefined);
  if (nameless.length > 0)
    return failed(
      `${some(nameless.map(({ name }) => name))}: no VM of Compute Engine by spec.providerID`,
      'keep the Pods of routes off such nodes, by a nodeSelector',
    );
  const strange = (of: (node: Node) => string | undefined, known: readonly string[]): readonly string[] =>
    [...new Set(nodes.flatMap((node) => of(node) ?? []))].filter((place) => !known.includes(place));
  const elsewhere = strange(({ instance }) => instance?.zone, zones);
  if (elsewhere.length > 0)
    return failed(
      `nodes are in ${some(elsewhere)}, which the functions do not know (${zones.join(', ')})`,
      apply,
    );
  const subnetworks = [subnetwork, ...moreSubnetworks];
  const unknownNets = strange((node) => node.subnetwork, subnetworks);
  if (unknownNets.length > 0)
    return failed(
      `nodes are in subnetwork ${some(unknownNets)}, which the functions do not know (${subnetworks.join(', ')})`,
      apply,
    );
  return ok(`${counted(nodes.length, 'node')} in zones and subnetworks that the functions know`);
};

export const lookAtNodes = async ({ api, cluster }: ClusterGround, signal: AbortSignal): Promise<Finding> =>
  judgeNodes(await readNodes(api, signal), cluster);
