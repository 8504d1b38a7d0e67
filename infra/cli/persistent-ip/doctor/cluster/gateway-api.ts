import { type Json, list, object, text, texts } from '../../../../../functions/kubernetes/read.ts';
import { type Finding, failed, ok, some } from '../finding.ts';
import type { ClusterGround } from '../ground.ts';
import { definitionProblem, lackingFields, versionOf } from './schema.ts';

const group = 'gateway.networking.k8s.io';
const version = 'v1';

/** What we read and write of the Gateway API (functions/kubernetes/objects.ts), with types. */
const needed: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  gateways: new Map([
    ['spec.gatewayClassName', 'string'],
    ['spec.addresses', 'array'],
    ['spec.addresses[].type', 'string'],
    ['spec.addresses[].value', 'string'],
    ['spec.listeners', 'array'],
    ['spec.listeners[].allowedRoutes.kinds', 'array'],
    ['spec.listeners[].allowedRoutes.namespaces.from', 'string'],
    ['status.addresses', 'array'],
    ['status.conditions', 'array'],
    ['status.listeners[].attachedRoutes', 'integer'],
    ['status.listeners[].conditions', 'array'],
  ]),
  gatewayclasses: new Map([
    ['spec.controllerName', 'string'],
    ['status.conditions', 'array'],
  ]),
};

export interface GatewayApi {
  /** Names of the resources that the API server serves of the group's v1; `undefined`: it serves no such version. */
  readonly served: readonly string[] | undefined;
  /** The definitions, by plural; absent where the API server has the kinds by itself. */
  readonly definitions: Readonly<Record<string, Json | undefined>>;
}

/** Whether Gateways and GatewayClasses are served as we use them. */
export const judgeGatewayApi = ({ served, definitions }: GatewayApi, enable: string): Finding => {
  if (served === undefined) return failed(`the cluster serves no ${group}/${version}`, enable);
  const missing = Object.keys(needed)
    .flatMap((plural) => [plural, `${plural}/status`])
    .filter((name) => !served.includes(name));
  if (missing.length > 0) return failed(`${group}/${version} does not serve ${some(missing)}`, enable);
  for (const [plural, fields] of Object.entries(needed)) {
    const definition = definitions[plural];
    if (definition === undefined) continue;
    const problem = definitionProblem(definition, version);
    if (problem !== undefined) return failed(`${plural}.${group} ${problem}`, enable);
    const schema = object(object(versionOf(definition, version)).schema).openAPIV3Schema;
    const lacking = lackingFields(schema, fields);
    if (lacking.length > 0) return failed(`${plural}.${group} lacks ${some(lacking)}`, enable);
  }
  const defined = definitions.gateways;
  if (defined === undefined) return ok(`${group}/${version} is served, by the API server itself`);
  const bundle = texts(object(defined.metadata).annotations)['gateway.networking.k8s.io/bundle-version'];
  return ok(`${group}/${version} is served with every field${bundle === undefined ? '' : ` (${bundle})`}`);
};

export const lookAtGatewayApi = async (
  { api, cluster }: ClusterGround,
  signal: AbortSignal,
): Promise<Finding> => {
  const definition = (plural: string) =>
    api.get(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.${group}`, signal);
  const [served, gateways, gatewayclasses] = await Promise.all([
    api.get(`/apis/${group}/${version}`, signal),
    definition('gateways'),
    definition('gatewayclasses'),
  ]);
  return judgeGatewayApi(
    {
      served: served && list(served.resources).map((resource) => text(object(resource).name)),
      definitions: { gateways, gatewayclasses },
    },
    `gcloud container clusters update ${cluster.name} --location=${cluster.location} --project=${cluster.project} --gateway-api=standard`,
  );
};
