import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Identities } from '../identities.ts';
import { listen } from '../listen.ts';
import type { Random } from '../random.ts';
import { bootstrapPolicy } from './access/bootstrap-policy.ts';
import { rbacAuthorizer } from './access/rbac.ts';
import type { AuditEvent } from './audit/audit.ts';
import { type KubeCall, Recorder } from './audit/recorder.ts';
import type { Cluster } from './cluster.ts';
import { DisruptionController } from './controllers/disruption-controller.ts';
import { ServiceAccountController } from './controllers/service-accounts.ts';
import { Terminator, terminatorName } from './controllers/terminator.ts';
import { type Attributes, type Fault, Faults } from './http/faults.ts';
import { listenSecurely, type SecureDoor } from './http/secure.ts';
import { handle, type Serving, serve } from './http/server.ts';
import { applyManifest, type Send } from './manifest.ts';
import type { JsonObject } from './objects/object.ts';
import { Catalog } from './resources/catalog.ts';
import { apiServer } from './resources/services.ts';
import { Store } from './store/store.ts';

export type { AuditEvent } from './audit/audit.ts';
export type { KubeCall } from './audit/recorder.ts';
export type { Attributes, Fault } from './http/faults.ts';
export type { SecureDoor } from './http/secure.ts';
export { type KubeconfigUser, kubeconfigOf } from './kubeconfig.ts';

export interface KubernetesOptions {
  readonly clock: Clock;
  readonly identities: Identities;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** How long every answer waits. Default 0. */
  readonly latencyMs?: number;
  /** YAML files that are applied before the server listens: CRDs, GatewayClasses. */
  readonly manifests?: readonly string[];
  /** For the names and uids that the server makes up. */
  readonly random?: Random;
  /** Whether a controller keeps the status of disruption budgets. Default true. */
  readonly disruptions?: boolean;
  /** How many events of each resource are remembered for watches. Default 10,000. */
  readonly watchWindow?: number;
  /**
   * Whether a caller may do this; 403 if not. `RBAC`: as the roles and bindings in the cluster say, and it starts
   * with those that every cluster has. By default everybody with a token may do everything.
   */
  readonly authorize?: 'RBAC' | ((attributes: Attributes) => boolean);
}

/** A Kubernetes API server in this process. */
export interface LocalKubernetes {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Every call since the start (the latest 100,000), in the order of their answers. */
  readonly calls: readonly KubeCall[];
  onCall(listener: (call: KubeCall) => void): () => void;
  /** Tells of every write, failed ones too, as the audit webhook of kube-apiserver would. */
  onAudit(listener: (event: AuditEvent) => void): () => void;
  /** Creates or merges the objects of a manifest, as `user`. @throws Error when one is refused */
  apply(yaml: string, user?: string): JsonObject[];
  /** Plants a failure for the next calls that fit. */
  inject(fault: Fault): void;
  /**
   * Opens the same API over HTTPS as well, under a certificate made for it; closed with the rest.
   * @param port 0, the default, takes a free one
   */
  openHttps(port?: number): Promise<SecureDoor>;
  /** Ends every watch and connection. */
  close(): Promise<void>;
}

/** Who applies manifests when nobody is named: the administrator of a new cluster. */
const administrator = 'kubernetes-admin';

const firstNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Starts a cluster with the namespaces that every cluster has, and nothing else. */
export const startKubernetes = async (options: KubernetesOptions): Promise<LocalKubernetes> => {
  const { clock, identities, latencyMs = 0, manifests = [], watchWindow = 10_000 } = options;
  const store = new Store(watchWindow);
  const { random = Math.random } = options;
  const cluster: Cluster = { store, clock, catalog: new Catalog(store), random };
  const recorder = new Recorder();
  const faults = new Faults();
  const { authorize: asked = (): boolean => true } = options;
  const authorize = asked === 'RBAC' ? rbacAuthorizer(store) : asked;
  const serving: Serving = { cluster, identities, recorder, faults, latencyMs, authorize };

  const sendAs =
    (name: string, groups: readonly string[]): Send =>
    (method, path, body, contentType) => {
      const { answer } = handle(serving, {
        method,
        url: new URL(path, 'http://kubernetes.local'),
        body,
        contentType,
        user: { name, groups: [...groups, 'system:authenticated'] },
        userAgent: 'local-cloud',
      });
      return answer !== undefined && 'body' in answer ? answer : { code: answer?.code ?? 200, body: {} };
    };
  const asAdministrator = sendAs(administrator, ['system:masters']);
  const apply = (yaml: string, user?: string): JsonObject[] =>
    applyManifest(cluster.catalog, yaml, user === undefined ? asAdministrator : sendAs(user, []));

  const asTerminator = sendAs(terminatorName, [
    'system:serviceaccounts',
    'system:serviceaccounts:kube-system',
  ]);
  const terminator = new Terminator(cluster, ({ group, versions, storage, plural }, namespace) => {
    const version = versions[0] ?? storage;
    const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const space = namespace === '' ? '' : `/namespaces/${namespace}`;
    asTerminator('DELETE', `${root}${space}/${plural}`, {}, 'application/json');
  });

  const disruptions = options.disruptions === false ? undefined : new DisruptionController(cluster);
  const accounts = new ServiceAccountController(cluster);

  for (const name of firstNamespaces) {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    asAdministrator('POST', '/api/v1/namespaces', namespace, 'application/json');
  }
  asAdministrator('POST', '/api/v1/namespaces/default/services', apiServer, 'application/json');
  for (const [plural, object] of asked === 'RBAC' ? bootstrapPolicy : []) {
    asAdministrator('POST', `/apis/rbac.authorization.k8s.io/v1/${plural}`, object, 'application/json');
  }
  for (const path of manifests) apply(readFileSync(path, 'utf8'));

  const app: RequestListener = (request, response) => {
    serve(serving, request, response).catch(() => response.destroy());
  };
  const server = await listen(app, options.port);
  const doors: { close(): Promise<void> }[] = [server];

  return {
    url: server.url,
    get calls() {
      return recorder.calls;
    },
    onCall: (listener) => recorder.onCall(listener),
    onAudit: (listener) => recorder.onAudit(listener),
    apply,
    inject: (fault) => faults.plant(fault),
    openHttps: async (port = 0) => {
      const door = await listenSecurely(app, port);
      doors.push(door);
      return {
        url: door.url,
        caPem: door.caPem,
        tokenOf: (name, groups) => identities.tokenOf(name, groups),
      };
    },
    close: async () => {
      terminator.close();
      disruptions?.close();
      accounts.close();
      await Promise.all(doors.map((door) => door.close()));
    },
  };
};
