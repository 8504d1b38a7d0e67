import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  everything,
  type Manifest,
  readManifests,
  titleOf,
} from '../../../infra/cli/install-cluster/manifests.ts';
import { planInstall, planUninstall } from '../../../infra/cli/install-cluster/plan.ts';
import type { Survey } from '../../../infra/cli/install-cluster/survey.ts';
import { gateway, gatewayClass, metadata, route } from '../../functions/fixtures.ts';
import { missing } from '../local/kubernetes/kubectl.ts';

const email = 'persistent-ip@p.iam.gserviceaccount.com';
const reader = 'inventory@p.iam.gserviceaccount.com';
const manifests = readManifests({ functions: email, inventory: reader });
const all = everything(manifests);
const controller = 'persistent-ip.dev/serverless';
const gkes = 'networking.gke.io/persistent-ip-controller';

const empty: Survey = {
  version: 'v1.34.2',
  present: new Map(),
  classes: [],
  gateways: [],
  routes: undefined,
  policies: true,
};
/** A cluster that holds these objects, each as its manifest says with the server's own fields. */
const holding = (objects: readonly Manifest[], more: Partial<Survey> = {}): Survey => ({
  ...empty,
  present: new Map(
    objects.map((object) => [
      titleOf(object),
      { ...object, metadata: { ...object.metadata, uid: 'u', resourceVersion: '1' } },
    ]),
  ),
  ...more,
});
const install = (seen: Survey) => planInstall(manifests, seen, controller);
const done = (seen: Survey) =>
  new Map(install(seen).actions.map((action) => [titleOf(action.manifest), action] as const));

describe('an install', () => {
  it('creates everything in an empty cluster, the definition before what depends on it', () => {
    const { actions, refusals } = install(empty);
    expect(refusals).toEqual([]);
    expect(actions.map((action) => action.do)).toEqual(all.map(() => 'create'));
    expect(titleOf(actions[0]!.manifest)).toBe('CustomResourceDefinition gkeiproutes.networking.gke.io');
  });

  it('gives the rights to the service account that was named', () => {
    const binding = manifests.base.find(({ kind }) => kind === 'ClusterRoleBinding');
    expect(binding).toMatchObject({ subjects: [{ kind: 'User', name: email }] });
  });

  it('gives the inventory its own, narrower rights, and none where no account is named', () => {
    const binding = manifests.inventory.find(({ kind }) => kind === 'ClusterRoleBinding');
    expect(binding).toMatchObject({ subjects: [{ kind: 'User', name: reader }] });
    const role = manifests.inventory.find(({ kind }) => kind === 'ClusterRole');
    expect((role!.rules as { verbs: string[] }[]).flatMap(({ verbs }) => verbs)).not.toContain('patch');
    expect(readManifests({ functions: email }).inventory).toEqual([]);
  });

  it('again finds nothing to do', () => {
    expect(new Set(install(holding(all)).actions.map((action) => action.do))).toEqual(new Set(['keep']));
  });

  it('updates what says something else', () => {
    const role = all.find(({ kind }) => kind === 'ClusterRole')!;
    const seen = holding(all.map((object) => (object === role ? { ...role, rules: [] } : object)));
    expect(done(seen).get('ClusterRole persistent-ip-functions')?.do).toBe('update');
  });

  it('leaves a definition that GKE installed', () => {
    const { labels: _, ...unlabelled } = manifests.crd[0]!.metadata;
    const seen = holding([{ ...manifests.crd[0]!, metadata: unlabelled, spec: { group: 'theirs' } }]);
    expect(done(seen).get('CustomResourceDefinition gkeiproutes.networking.gke.io')).toMatchObject({
      do: 'leave',
      why: expect.stringContaining('GKE installs it'),
    });
  });

  it('leaves GKE’s classes under GKE’s controller, and says which name to use', () => {
    const [taken] = manifests.gkeClassNames;
    const seen = holding([{ ...taken!, spec: { controllerName: gkes } }]);
    const plan = install(seen);
    expect(plan.refusals).toEqual([]);
    expect(done(seen).get(titleOf(taken!))).toMatchObject({
      do: 'leave',
      why: expect.stringContaining('persistent-ip-regional-external'),
    });
    expect(done(seen).get(titleOf(manifests.gkeClassNames[1]!))?.do).toBe('create');
  });

  it('is refused where our own class’s name belongs to another controller', () => {
    const ours = manifests.base.find(({ kind }) => kind === 'GatewayClass')!;
    expect(install(holding([{ ...ours, spec: { controllerName: 'x/y' } }])).refusals).toEqual([
      expect.stringContaining('it belongs to controller x/y'),
    ]);
  });

  it('is refused without the Gateway API, with the command that enables it', () => {
    const { actions, refusals } = install({ ...empty, classes: undefined });
    expect(actions).toEqual([]);
    expect(refusals.join()).toContain('--gateway-api=standard');
  });

  it('warns instead of refusing where another controller’s users share the cluster', () => {
    const classes = [gatewayClass({ metadata: metadata('theirs'), controllerName: gkes })];
    const bindings = (seen: Survey) =>
      install(seen)
        .actions.filter(({ manifest }) => manifest.kind === 'ValidatingAdmissionPolicyBinding')
        .map(({ manifest }) => (manifest.spec as { validationActions: string[] }).validationActions);
    expect(bindings(empty)).toEqual([['Deny'], ['Deny']]);
    expect(bindings({ ...empty, classes })).toEqual([['Warn'], ['Warn']]);
  });

  it('leaves the policies out where the API server has none', () => {
    const policies = [...done({ ...empty, policies: false }).values()].filter(({ manifest }) =>
      manifest.kind.startsWith('ValidatingAdmissionPolicy'),
    );
    expect(policies).toHaveLength(4);
    expect(new Set(policies.map((action) => action.do))).toEqual(new Set(['leave']));
  });
});

describe('an uninstall', () => {
  const uninstall = (seen: Survey) => planUninstall(manifests, seen, controller);

  it('takes everything that is ours in reverse order', () => {
    const { actions } = uninstall(holding(all));
    expect(actions.map((action) => action.do)).toEqual(all.map(() => 'delete'));
    expect(titleOf(actions.at(-1)!.manifest)).toBe('CustomResourceDefinition gkeiproutes.networking.gke.io');
  });

  it('is refused while a route of ours exists, and names it', () => {
    const held = route(['34.1.2.3'], {
      metadata: metadata('nat', { finalizers: ['persistent-ip.dev/release'] }),
    });
    const { actions, refusals } = uninstall(holding(all, { routes: [held] }));
    expect(actions).toEqual([]);
    expect(refusals.join()).toMatch(/edge\/nat/);
  });

  it('is refused while a Gateway of ours exists', () => {
    const seen = holding(all, { classes: [gatewayClass()], gateways: [gateway()] });
    expect(uninstall(seen).refusals.join()).toMatch(/infra\/pool/);
  });

  it('is refused while a Gateway that has left our classes waits for what we reserved for it', () => {
    const left = gateway([], {
      className: 'theirs',
      metadata: metadata('pool', { namespace: 'infra', finalizers: ['persistent-ip.dev/release'] }),
    });
    const { actions, refusals } = uninstall(holding(all, { classes: [gatewayClass()], gateways: [left] }));
    expect(actions).toEqual([]);
    expect(refusals.join()).toMatch(/infra\/pool/);
  });

  it('leaves a class of another controller, whatever its labels', () => {
    const theirs = all.map((object) =>
      object.kind === 'GatewayClass' ? { ...object, spec: { controllerName: gkes } } : object,
    );
    const left = uninstall(holding(theirs)).actions.filter((action) => action.do === 'leave');
    expect(left.map(({ manifest }) => manifest.kind)).toEqual(Array(4).fill('GatewayClass'));
  });

  it('leaves the definition while another controller’s routes need it', () => {
    const theirs = route([], { parentRefs: [] });
    const { actions } = uninstall(holding(all, { routes: [theirs] }));
    expect(actions.filter((action) => action.do === 'leave')).toMatchObject([
      { manifest: { kind: 'CustomResourceDefinition' } },
    ]);
  });

  it('leaves what carries our name and not our label', () => {
    const stranger = all.map((object) => ({ ...object, metadata: { name: object.metadata.name } }));
    expect(new Set(uninstall(holding(stranger)).actions.map((action) => action.do))).toEqual(
      new Set(['leave']),
    );
  });
});

describe.runIf(missing === undefined)('the kustomization', () => {
  it('holds the very objects that the install applies', () => {
    const folder = fileURLToPath(new URL('../../../infra/kubernetes', import.meta.url));
    const text = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
    const built = parseAllDocuments(text.replaceAll('FUNCTIONS_SERVICE_ACCOUNT_EMAIL', email)).map(
      (document) => document.toJS() as Manifest,
    );
    const byTitle = (objects: readonly Manifest[]) => Object.fromEntries(objects.map((o) => [titleOf(o), o]));
    expect(byTitle(built)).toEqual(byTitle(manifests.base));
  });
});
