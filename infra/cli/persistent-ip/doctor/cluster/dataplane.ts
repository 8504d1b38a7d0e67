import * as v from 'valibot';
import { count, type Json, object } from '../../../../../functions/kubernetes/read.ts';
import { writeSettings } from '../../settings.ts';
import { CannotLook, type Finding, failed, ok, warning } from '../finding.ts';
import type { ClusterGround } from '../ground.ts';

/** Source: Kubernetes Engine API v1, Cluster. */
const Cluster = v.object({
  networkConfig: v.optional(v.object({ datapathProvider: v.optional(v.string(), '') }), {
    datapathProvider: '',
  }),
});

/** Dataplane V2 as it is seen from within: its agent is the DaemonSet anetd. Source: GKE, *About GKE Dataplane V2*. */
export const judgeAgent = (daemonSet: Json): Finding => {
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

/** The same as GKE says it. */
export const judgeProvider = (provider: string): Finding =>
  provider === 'ADVANCED_DATAPATH'
    ? ok('GKE says that the cluster has Dataplane V2')
    : failed(
        'the cluster has no Dataplane V2',
        'persistent IP addresses need it, and it is chosen when a cluster is made: gcloud container clusters create --enable-dataplane-v2',
      );

/** Whether the cluster runs Dataplane V2: by its agent, else by GKE's word. */
export const lookAtDataplane = async (
  { api, google, cluster: { project, location, name } }: ClusterGround,
  signal: AbortSignal,
): Promise<Finding> => {
  const agent = await api
    .get('/apis/apps/v1/namespaces/kube-system/daemonsets/anetd', signal)
    .catch((error: unknown) => {
      if (error instanceof CannotLook) return undefined;
      throw error;
    });
  if (agent !== undefined) return judgeAgent(agent);
  const path = `/v1/projects/${project}/locations/${location}/clusters/${name}`;
  const found = await google.ask({ api: 'container', path }, Cluster, signal);
  return found === undefined
    ? failed(`GKE knows no cluster ${name} in ${location}`, `terraform apply, then ${writeSettings}`)
    : judgeProvider(found.networkConfig.datapathProvider);
};
