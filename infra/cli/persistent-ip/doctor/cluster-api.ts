import type { TokenSource } from '../../../../functions/google-cloud/http.ts';
import { type Json, object, text } from '../../../../functions/kubernetes/read.ts';
import { CannotLook, skipped, unknown } from './finding.ts';

/** An API server's own paths: what no port of the functions reads. */
export interface ClusterApi {
  /** `undefined` for what is not there. @throws CannotLook for every other refusal, and when no answer comes */
  get(path: string, signal: AbortSignal): Promise<Json | undefined>;
  post(path: string, body: object, signal: AbortSignal): Promise<Json>;
}

export const clusterApi = (endpoint: string, tokens: TokenSource): ClusterApi => {
  const ask = async (method: string, path: string, signal: AbortSignal, body?: object) => {
    const url = `${endpoint.replace(/\/$/, '')}${path}`;
    const token = await tokens.token();
    let response: Response;
    let json: Json;
    try {
      response = await fetch(url, {
        method,
        signal,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      json = object(await response.json().catch(() => undefined));
    } catch (cause) {
      throw noAnswer(endpoint, cause);
    }
    return { status: response.status, json };
  };
  return {
    get: async (path, signal) => {
      const { status, json } = await ask('GET', path, signal);
      if (status === 404) return undefined;
      return answered(status, json, `GET ${path}`);
    },
    post: async (path, body, signal) => {
      const { status, json } = await ask('POST', path, signal, body);
      return answered(status, json, `POST ${path}`);
    },
  };
};

/** No answer came at all. */
export class Unreachable extends CannotLook {}

const noAnswer = (endpoint: string, cause: unknown): Unreachable => {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const why = inner instanceof Error ? inner.message : String(inner);
  return new Unreachable(
    unknown(
      `the API server at ${endpoint} does not answer (${why})`,
      'see the line "API server" of this cluster',
    ),
    { cause },
  );
};

const answered = (status: number, json: Json, what: string): Json => {
  if (status >= 200 && status < 300) return json;
  const words = text(json.message, `${what}: HTTP ${status}`);
  if (status === 501) throw new CannotLook(skipped(`not on this cloud: ${words}`));
  if (status === 401)
    throw new CannotLook(
      unknown(`the API server knows no such token: ${words}`, 'run gcloud auth application-default login'),
    );
  const right = 'ask for the right to read it in the cluster (roles/container.viewer)';
  throw new CannotLook(unknown(words, status === 403 ? right : undefined));
};
