import * as v from 'valibot';
import { computeMethods } from '../../../../sink/compute-methods.ts';
import { counted, type Finding, failed, ok, some } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';

/** Source: Eventarc API v1, Trigger. */
const Triggers = v.object({
  triggers: v.optional(
    v.array(
      v.object({
        name: v.string(),
        eventFilters: v.optional(v.array(v.object({ attribute: v.string(), value: v.string() })), []),
        destination: v.optional(
          v.object({ cloudRun: v.optional(v.object({ service: v.optional(v.string(), '') })) }),
          {},
        ),
        conditions: v.optional(
          v.record(v.string(), v.object({ code: v.optional(v.string()), message: v.optional(v.string()) })),
          {},
        ),
      }),
    ),
    [],
  ),
  nextPageToken: v.optional(v.string()),
});
export type Trigger = v.InferOutput<typeof Triggers>['triggers'][number];

/** No deployment has that many: eight pages of 100. */
const mostPages = 8;

export const readTriggers = async (
  google: GoogleApi,
  project: string,
  signal: AbortSignal,
): Promise<readonly Trigger[]> => {
  const all: Trigger[] = [];
  let token = '';
  for (let page = 0; page < mostPages; page += 1) {
    const query = new URLSearchParams({ pageSize: '100', ...(token === '' ? {} : { pageToken: token }) });
    const path = `/v1/projects/${project}/locations/global/triggers?${query}`;
    const answer = await google.ask({ api: 'eventarc', path }, Triggers, signal);
    all.push(...(answer?.triggers ?? []));
    token = answer?.nextPageToken ?? '';
    if (token === '') break;
  }
  return all;
};

/** Whether each method of the closed list has a trigger that calls our function. */
export const judgeTriggers = (triggers: readonly Trigger[], service: string): Finding => {
  const ours = triggers.filter(({ destination }) => destination.cloudRun?.service === service);
  const methodOf = ({ eventFilters }: Trigger) =>
    eventFilters.find(({ attribute }) => attribute === 'methodName')?.value;
  const missing = computeMethods.filter((method) => !ours.some((trigger) => methodOf(trigger) === method));
  if (missing.length > 0)
    return failed(`no Eventarc trigger tells ${service} of ${some(missing)}`, 'terraform apply');
  const ill = ours.find(({ conditions }) => Object.keys(conditions).length > 0);
  if (ill !== undefined) {
    const [why] = Object.values(ill.conditions);
    return failed(
      `trigger ${ill.name}: ${why?.message ?? why?.code ?? 'in a state that it does not explain'}`,
      `gcloud eventarc triggers describe ${ill.name}`,
    );
  }
  return ok(`${counted(computeMethods.length, 'trigger')} call ${service}`);
};
