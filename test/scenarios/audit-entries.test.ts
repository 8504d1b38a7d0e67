import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { namespace, paths } from './objects.ts';
import { Stage } from './stage.ts';

/**
 * Entries of a cluster's audit log beside the public samples of real ones on GKE: whoever wrote them, the embedded API
 * or kube-apiserver's webhook, they have the same form.
 */
interface Entry {
  readonly labels: Readonly<Record<string, string>>;
  readonly operation: object;
  readonly resource: { readonly type: string; readonly labels: object };
  readonly protoPayload: Readonly<Record<string, unknown>> & {
    readonly methodName: string;
    readonly resourceName: string;
    readonly authenticationInfo: { readonly principalEmail: string };
    readonly request?: Readonly<Record<string, unknown>>;
    readonly response?: Readonly<Record<string, unknown>>;
  };
}

const sample = (name: string): Entry =>
  parse(readFileSync(new URL(`../events/samples/${name}.yaml`, import.meta.url), 'utf8')) as Entry;

const fields = (object: object): string[] => Object.keys(object).sort();
/** What stands in an entry, whatever the objects in it are. */
const form = ({ labels, operation, resource, protoPayload, ...rest }: Entry) => ({
  entry: fields({ ...rest, operation, resource, protoPayload, labels }),
  operation: fields(operation),
  resource: [resource.type, ...fields(resource.labels)],
  payload: fields(protoPayload),
  authorized: labels['authorization.k8s.io/decision'],
  request: protoPayload.request?.['@type'],
  response: protoPayload.response?.['@type'],
  method: protoPayload.methodName,
});

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
  // While every new Node has its taint, the scheduler writes into a Pod's status that it fits nowhere.
  for (const { name } of stage.cloud.vms)
    await stage.when(
      paths.node(name),
      'may be scheduled on',
      ({ spec }) => (spec?.taints ?? []).length === 0,
    );
  await stage.apply(namespace('edge'), {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'nat', namespace: 'edge' },
    spec: {
      selector: { matchLabels: { app: 'nat' } },
      template: { metadata: { labels: { app: 'nat' } }, spec: { containers: [{ name: 'c', image: 'c' }] } },
    },
  });
  await stage.when('/apis/apps/v1/namespaces/edge/deployments/nat', 'is up', ({ status }) =>
    Boolean(status?.availableReplicas),
  );
});
afterEach(() => stage.close());

it.each([
  [
    'pods-create',
    /^system:serviceaccount:kube-system:replicaset-controller$/,
    /^core\/v1\/namespaces\/edge\/pods\/nat-\w+-\w+$/,
  ],
  ['pods-status-patch', /^system:node:/, /^core\/v1\/namespaces\/edge\/pods\/nat-\w+-\w+\/status$/],
])('an entry like %s has the form of the real one', (name, principal, resource) => {
  const real = sample(name);
  const entries = stage.cloud.logging
    .list(`protoPayload.methodName="${real.protoPayload.methodName}"`)
    .filter(({ protoPayload }) =>
      resource.test((protoPayload as Entry['protoPayload']).resourceName),
    ) as unknown as Entry[];
  expect(entries.length).toBeGreaterThan(0);
  for (const entry of entries) {
    expect(form(entry)).toEqual(form(real));
    expect(entry.protoPayload.authenticationInfo.principalEmail).toMatch(principal);
  }
});
