import type { LocalCloud } from './cloud.ts';
import { administrator } from './people.ts';

export type Json = { readonly [key: string]: unknown };

/** What an API refused, in its own words. */
export class Refusal extends Error {
  /** HTTP status. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** A person with every right, at the cluster and at the cloud. */
export interface Admin {
  /** A call on the Kubernetes API. @throws Refusal */
  kubernetes(method: string, path: string, body?: unknown, contentType?: string): Promise<Json>;
  /**
   * A call on the Compute API, below `/compute/v1/projects/PROJECT`; by default of the cluster's project.
   * @throws Refusal
   */
  compute(method: string, path: string, body?: unknown, project?: string): Promise<Json>;
}

export const adminOf = (
  cloud: Pick<LocalCloud, 'kubernetes' | 'compute' | 'identities' | 'project'>,
): Admin => {
  const token = cloud.identities.tokenOf(administrator, ['system:masters']);
  const call = async (
    url: string,
    method: string,
    body?: unknown,
    type = 'application/json',
  ): Promise<Json> => {
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json().catch(() => ({}))) as Json & {
      message?: string;
      error?: { message?: string };
    };
    if (response.ok) return answer;
    const words = answer.message ?? answer.error?.message ?? '';
    throw new Refusal(response.status, `${method} ${url}: ${response.status} ${words}`);
  };
  return {
    kubernetes: (method, path, body, type) => call(`${cloud.kubernetes.url}${path}`, method, body, type),
    compute: (method, path, body, project = cloud.project) =>
      call(`${cloud.compute.url}/compute/v1/projects/${project}${path}`, method, body),
  };
};
