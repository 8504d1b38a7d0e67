import * as v from 'valibot';
import type { Config } from '../../../../functions/config.ts';
import {
  GoogleHttp,
  HttpError,
  NoAnswer,
  type TokenSource,
} from '../../../../functions/google-cloud/http.ts';
import { CommandFailure } from '../failure.ts';
import type { Settings } from '../settings.ts';
import { CannotLook, skipped, unknown } from './finding.ts';
import { permissionOf } from './permission-of.ts';

/** Google's APIs that are asked, where they are. Source: the discovery document of each, `rootUrl`. */
const hosts = {
  cloudfunctions: 'https://cloudfunctions.googleapis.com',
  cloudresourcemanager: 'https://cloudresourcemanager.googleapis.com',
  cloudscheduler: 'https://cloudscheduler.googleapis.com',
  compute: 'https://compute.googleapis.com',
  container: 'https://container.googleapis.com',
  eventarc: 'https://eventarc.googleapis.com',
  iam: 'https://iam.googleapis.com',
  logging: 'https://logging.googleapis.com',
  monitoring: 'https://monitoring.googleapis.com',
  pubsub: 'https://pubsub.googleapis.com',
  run: 'https://run.googleapis.com',
  serviceusage: 'https://serviceusage.googleapis.com',
} as const;

export type ApiName = keyof typeof hosts;

export interface Question {
  readonly api: ApiName;
  /** With the version and the query. */
  readonly path: string;
  /** Given: it is posted. */
  readonly body?: object;
}

export interface GoogleApi {
  /**
   * The answer, as far as the schema reads it; `undefined` for what is not there (404).
   * @throws CannotLook for every other refusal, for another answer, and when none comes
   */
  ask<const S extends v.GenericSchema>(
    question: Question,
    schema: S,
    signal: AbortSignal,
  ): Promise<v.InferOutput<S> | undefined>;
}

/**
 * Plain REST, by the functions' own transport with the caller's tokens. The calls are charged to the deployment's project,
 * since credentials of gcloud have none that these APIs are enabled in; where the caller may not do that, without.
 */
export const googleApi = (
  config: Pick<Config, 'project' | 'endpoints'>,
  settings: Pick<Settings, 'endpoints'>,
  tokens: TokenSource,
): GoogleApi => {
  const http = new GoogleHttp(tokens);
  const send = async (url: string, { body }: Question, signal: AbortSignal, charged: boolean) => {
    const response = await http.fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        ...(charged ? { 'x-goog-user-project': config.project } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    return (response as unknown as Response).json();
  };
  return {
    ask: async (question, schema, signal) => {
      const { api, path } = question;
      const own = settings.endpoints?.[api] ?? config.endpoints[api as keyof typeof config.endpoints];
      // Settings that name endpoints are the local cloud's: what is not among them is nowhere.
      if (own === undefined && settings.endpoints !== undefined) throw absent(api);
      const url = `${(own ?? hosts[api]).replace(/\/$/, '')}${path}`;
      let answer: unknown;
      try {
        answer = await send(url, question, signal, own === undefined).catch((error: unknown) => {
          if (error instanceof HttpError && error.reason === 'USER_PROJECT_DENIED')
            return send(url, question, signal, false);
          throw error;
        });
      } catch (error) {
        if (error instanceof HttpError && error.status === 404) return undefined;
        throw refused(error, question, own === undefined);
      }
      const parsed = v.safeParse(schema, answer);
      if (parsed.success) return parsed.output;
      const [issue] = parsed.issues;
      throw new CannotLook(
        unknown(
          `${api} answers something else than its reference says: ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`,
        ),
      );
    },
  };
};

const absent = (api: string): CannotLook =>
  new CannotLook(skipped(`not on this cloud: it has no ${api}.googleapis.com`));

const refused = (error: unknown, { api, path }: Question, google: boolean): CannotLook => {
  const cause = { cause: error };
  if (error instanceof HttpError) {
    if (error.status === 501 && !google)
      return new CannotLook(skipped(`not on this cloud: its ${api} does not tell`), cause);
    if (error.reason === 'SERVICE_DISABLED' || error.reason === 'accessNotConfigured')
      return new CannotLook(
        unknown(
          `${api}.googleapis.com is not enabled: ${error.message}`,
          `gcloud services enable ${api}.googleapis.com`,
        ),
        cause,
      );
    if (error.status === 401)
      return new CannotLook(unknown(error.message, 'gcloud auth application-default login'), cause);
    if (error.status === 403) {
      const all = 'roles/viewer and roles/iam.securityReviewer';
      const permission = permissionOf(api, path);
      const remedy =
        permission === undefined
          ? `ask for ${all} in the project`
          : `ask for ${permission} in the project (${all} have all that doctor needs)`;
      return new CannotLook(unknown(error.message, remedy), cause);
    }
    return new CannotLook(unknown(`${api}: ${error.message}`), cause);
  }
  const inner = error instanceof NoAnswer ? error.cause : error;
  if (inner instanceof CommandFailure) return new CannotLook(unknown(inner.message, inner.remedy), cause);
  const words = inner instanceof Error && inner.cause instanceof Error ? inner.cause.message : String(inner);
  return new CannotLook(unknown(`${api}.googleapis.com does not answer (${words})`), cause);
};
