import { object, text, textList } from '../../../../../functions/kubernetes/read.ts';
import { once } from '../../../../../functions/reconciler/once.ts';
import { readManifests } from '../../../install-cluster/manifests.ts';
import type { Check } from '../finding.ts';
import { type Caller, type ClusterGround, subjectOf } from '../ground.ts';
import { lookAtApiServer } from './api-server.ts';
import { lookAtClasses } from './classes.ts';
import { lookAtDataplane } from './dataplane.ts';
import { lookAtGatewayApi } from './gateway-api.ts';
import { lookAtNodes } from './nodes.ts';
import { type Account, lookAtRights, rightsIn } from './rights.ts';
import { lookAtRouteDefinition } from './route-definition.ts';
import { judgeAgents, judgeControllers, readRoutes } from './routes.ts';

/** Whom the API server takes the caller for. */
export const readCaller = async (api: ClusterGround['api'], signal: AbortSignal): Promise<Caller> => {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const { status } = await api.post('/apis/authentication.k8s.io/v1/selfsubjectreviews', body, signal);
  const { username, groups } = object(object(status).userInfo);
  return { name: text(username), groups: textList(groups) };
};

const accountsOf = ({ config, settings }: ClusterGround): readonly Account[] => {
  const { serviceAccount } = config;
  const inventory = settings.inventory_service_account;
  const manifests = readManifests({ functions: serviceAccount, inventory });
  return [
    { email: serviceAccount, title: 'the functions', rights: rightsIn(manifests.base) },
    ...(inventory === undefined
      ? []
      : [{ email: inventory, title: 'the inventory', rights: rightsIn(manifests.inventory) }]),
  ];
};

/** What is asked of one cluster, in the order in which things are installed. */
export const clusterChecks = (ground: ClusterGround): readonly Check[] => {
  const subject = subjectOf(ground.cluster);
  const seen = once(() => readRoutes(ground));
  const check = (name: string, look: Check['look']): Check => ({ subject, name, look });
  return [
    check('API server', (signal) => lookAtApiServer(ground, signal)),
    check('GKEIPRoute', (signal) => lookAtRouteDefinition(ground, signal)),
    check('Gateway API', (signal) => lookAtGatewayApi(ground, signal)),
    check('GatewayClasses', () => lookAtClasses(ground)),
    ...accountsOf(ground).map((account) =>
      check(`rights of ${account.title}`, (signal) => lookAtRights(ground, account, signal)),
    ),
    check('other controllers', async () => judgeControllers(await seen())),
    check('node agents', async () => judgeAgents(await seen(), ground.now())),
    check('nodes', (signal) => lookAtNodes(ground, signal)),
    check('Dataplane V2', (signal) => lookAtDataplane(ground, signal)),
  ];
};
