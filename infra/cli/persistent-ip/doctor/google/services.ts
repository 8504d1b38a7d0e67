import * as v from 'valibot';
import apis from '../../../../terraform/apis.json' with { type: 'json' };
import { counted, type Finding, failed, ok, some } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';

/** Source: Service Usage API v1, services.batchGet. */
const Services = v.object({
  services: v.optional(v.array(v.object({ name: v.string(), state: v.optional(v.string(), '') })), []),
});

/** Of one question. Source: Service Usage API v1, services.batchGet. */
const most = 30;

/** Whether the APIs are enabled that the deployment calls. */
export const lookAtServices = async (
  google: GoogleApi,
  project: string,
  signal: AbortSignal,
): Promise<Finding> => {
  const query = new URLSearchParams(
    apis.slice(0, most).map((api): [string, string] => ['names', `projects/${project}/services/${api}`]),
  );
  const path = `/v1/projects/${project}/services:batchGet?${query}`;
  const services = (await google.ask({ api: 'serviceusage', path }, Services, signal))?.services ?? [];
  const enabled = new Set(
    services.filter(({ state }) => state === 'ENABLED').map(({ name }) => name.split('/').at(-1)),
  );
  const missing = apis.filter((api) => !enabled.has(api));
  if (missing.length === 0) return ok(`${counted(apis.length, 'API')} are enabled`);
  return failed(
    `${some(missing)} ${missing.length === 1 ? 'is' : 'are'} not enabled`,
    `gcloud services enable ${missing.join(' ')} --project=${project}`,
  );
};
