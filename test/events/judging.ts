import { type ClusterVerdict, judgeClusterEvent } from '../../events/judge-cluster-event.ts';
import { cluster, eventOf, ownPrincipal, type Write } from './entries.ts';

export const config = { clusters: [cluster], ownPrincipal };

export const judge = (write: Write): ClusterVerdict => judgeClusterEvent(eventOf(write), config);

export const pod = 'core/v1/namespaces/edge/pods/nat-0';

export const nodeController = 'system:serviceaccount:kube-system:node-controller';

export const noChange = { kind: 'drop', why: 'the status changes nothing that addresses depend on' };

export const noWrite = { kind: 'drop', why: 'no address depends on this write' };

export const wholePod = (more: Record<string, unknown> = {}, labels: unknown = { app: 'nat' }) => ({
  '@type': 'core.k8s.io/v1.Pod',
  metadata: { name: 'nat-0', namespace: 'edge', uid: 'u-1', labels, ...more },
  spec: { nodeName: 'n1' },
});
