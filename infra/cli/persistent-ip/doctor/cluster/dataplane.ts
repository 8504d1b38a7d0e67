import { count, type Json, object } from '../../../../../functions/kubernetes/read.ts';
import { type Finding, failed, ok, warning } from '../finding.ts';
import type { ClusterGround } from '../ground.ts';

/**
 * Whether the cluster runs Dataplane V2, as far as it can be seen from within: its agent is the DaemonSet anetd.
 * Source: Google Kubernetes Engine, *About GKE Dataplane V2*.
 */
export const judgeDataplane = (daemonSet: Json | undefined): Finding => {
  const remedy =
    'persistent IP addresses need Dataplane V2, which is chosen when a cluster is made (gcloud container clusters create --enable-dataplane-v2)';
  if (daemonSet === undefined) return failed('there is no DaemonSet anetd in kube-system', remedy);
  const { desiredNumberScheduled, numberReady } = object(daemonSet.status);
  const wanted = count(desiredNumberScheduled);
  const ready = count(numberReady);
  if (ready < wanted)
    return warning(
      `Dataplane V2 is ready on ${ready} of ${wanted} nodes`,
      'kubectl -n kube-system get pods -l k8s-app=cilium -o wide',
    );
  return ok(`Dataplane V2 is ready on ${ready} of ${wanted} nodes`);
};

export const lookAtDataplane = async ({ api }: ClusterGround, signal: AbortSignal): Promise<Finding> =>
  judgeDataplane(await api.get('/apis/apps/v1/namespaces/kube-system/daemonsets/anetd', signal));
