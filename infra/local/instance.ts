import { parentPort, workerData } from 'node:worker_threads';
import { systemRuntime } from '../../functions/system-runtime.ts';
import { type DeploymentOptions, deploy } from './deployment.ts';

/** What a thread is told that is one instance; it answers with the address of its `reconcile`, and then with log lines. */
export interface InstanceOrder extends Pick<DeploymentOptions, 'token' | 'reader'> {
  /** How it calls itself in each of its requests. */
  readonly name: string;
  readonly config: ReturnType<DeploymentOptions['config']>;
}

const { name, config, ...credentials } = workerData as InstanceOrder;

const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('user-agent', name);
  return fetch(input, { ...init, headers });
};

const { urls } = await deploy({
  ...credentials,
  config: () => config,
  runtime: { ...systemRuntime, log: (...line) => parentPort?.postMessage(line) },
});
parentPort?.postMessage(urls.reconcile);
