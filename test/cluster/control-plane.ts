import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyFile } from '../../infra/local/audit/policy.ts';
import { type AuditWebhook, startAuditWebhook } from './audit-webhook.ts';
import { type Certificates, frontProxyName, makeCertificates } from './certificates.ts';
import { type Component, type ComponentName, startComponent } from './component.ts';
import { type Registry, registryOf } from './etcd.ts';
import { freePorts } from './ports.ts';

/** etcd, kube-apiserver, kube-controller-manager and kube-scheduler, on free ports of the loopback interface. */
export interface ControlPlane {
  /** Of kube-apiserver, over TLS. */
  readonly url: string;
  readonly certificates: Certificates;
  /** What it holds. */
  readonly registry: Registry;
  readonly audit: AuditWebhook;
  /** Where its files are, its logs among them. */
  readonly directory: string;
  readonly pids: readonly number[];
  /** Ends every process and removes what they wrote. */
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** `false`: kube-apiserver alone. Then nothing happens that a request did not ask for. */
  readonly controllers?: boolean;
}

/** The users of the two clients that no front door stands before. */
const clients = ['kube-controller-manager', 'kube-scheduler'] as const;

const kubeconfig = (server: string, ca: string, token: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, ...(ca === '' ? {} : { 'certificate-authority': ca }) } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  });

/** What the controllers make in every namespace: once it is in the first, they are at work. */
const firstOfControllers = [
  '/registry/serviceaccounts/default/default',
  '/registry/configmaps/default/kube-root-ca.crt',
];

/** Whether an HTTPS server on this machine answers 200. Whose certificate it shows does not matter here. */
const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request(
      url,
      { rejectUnauthorized: false, agent: new Agent(), timeout: 2_000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    asked.once('error', () => resolve(false));
    asked.once('timeout', () => asked.destroy());
    asked.end();
  });

/**
 * Starts a control plane and resolves when all of it is ready. Node death is noticed within seconds instead of a
 * minute (`--node-monitor-grace-period`); everything else is as it comes.
 * @param binary the program that `build.ts` made
 * @throws Error with the last words of the part that did not start
 */
export const startControlPlane = async (
  binary: string,
  { controllers = true }: ControlPlaneOptions = {},
): Promise<ControlPlane> => {
  const directory = await mkdtemp(join(tmpdir(), 'control-plane-'));
  const [clientPort, peerPort, apiPort, schedulerPort] = await freePorts(4);
  const etcdUrl = `http://127.0.0.1:${clientPort}`;
  const registry = registryOf(etcdUrl);
  const url = `https://127.0.0.1:${apiPort}`;
  const [certificates, audit] = await Promise.all([makeCertificates(), startAuditWebhook()]);
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const ca = await file('ca.pem', certificates.ca);
  const serviceAccountKey = await file('service-accounts.key', certificates.serviceAccounts.private);
  const configs: Record<string, string> = {};
  for (const client of clients)
    configs[client] = await file(`${client}.kubeconfig`, kubeconfig(url, ca, `token-of-${client}`));
  const tokens = clients.map((client) => `token-of-${client},system:${client},${client}`);
  const started: Component[] = [];
  const start = (
    name: ComponentName,
    flags: Record<string, string>,
    isReady: () => Promise<boolean>,
  ): Promise<void> => {
    const component = startComponent({ binary, name, flags, directory, isReady });
    started.push(component);
    return component.ready;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((component) => component.stop()));
    await audit.close();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await start(
      'etcd',
      {
        'data-dir': join(directory, 'etcd'),
        'listen-client-url': etcdUrl,
        'listen-peer-url': `http://127.0.0.1:${peerPort}`,
      },
      () =>
        fetch(`${etcdUrl}/health`).then(
          ({ ok }) => ok,
          () => false,
        ),
    );
    await start(
      'kube-apiserver',
      {
        'etcd-servers': etcdUrl,
        'bind-address': '127.0.0.1',
        'advertise-address': '127.0.0.1',
        'secure-port': String(apiPort),
        'tls-cert-file': await file('server.pem', certificates.server.cert),
        'tls-private-key-file': await file('server.key', certificates.server.key),
        'service-account-issuer': 'https://kubernetes.default.svc',
        'service-account-key-file': await file('service-accounts.pem', certificates.serviceAccounts.public),
        'service-account-signing-key-file': serviceAccountKey,
        'service-cluster-ip-range': '10.0.0.0/24',
        'token-auth-file': await file('tokens.csv', `${tokens.join('\n')}\n`),
        'requestheader-client-ca-file': ca,
        'requestheader-allowed-names': frontProxyName,
        'requestheader-username-headers': 'X-Remote-User',
        'requestheader-group-headers': 'X-Remote-Group',
        'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
        'authorization-mode': 'Node,RBAC',
        'enable-admission-plugins': 'NodeRestriction',
        'audit-policy-file': policyFile,
        'audit-webhook-config-file': await file('audit.kubeconfig', kubeconfig(audit.url, '', '')),
        // The event has arrived when the answer has: what a test has done, the log sink knows.
        'audit-webhook-mode': 'blocking',
      },
      () => answers(`${url}/readyz`),
    );
    const others = () => [
      start(
        'kube-controller-manager',
        {
          kubeconfig: configs['kube-controller-manager'] ?? '',
          'leader-elect': 'false',
          // It serves nothing that is asked of it here.
          'secure-port': '0',
          'root-ca-file': ca,
          'service-account-private-key-file': serviceAccountKey,
          // Each controller writes as the service account that its entries in the audit log of GKE name.
          'use-service-account-credentials': 'true',
          'node-monitor-period': '500ms',
          'node-monitor-grace-period': '4s',
          'kube-api-qps': '200',
          'kube-api-burst': '400',
        },
        async () => {
          const keys = await registry.keys();
          return firstOfControllers.every((key) => keys.includes(key));
        },
      ),
      start(
        'kube-scheduler',
        {
          kubeconfig: configs['kube-scheduler'] ?? '',
          'leader-elect': 'false',
          'bind-address': '127.0.0.1',
          'secure-port': String(schedulerPort),
          'cert-dir': join(directory, 'scheduler'),
        },
        () => answers(`https://127.0.0.1:${schedulerPort}/readyz`),
      ),
    ];
    if (controllers) await Promise.all(others());
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, certificates, registry, audit, directory, pids: started.map(({ pid }) => pid), stop };
};
