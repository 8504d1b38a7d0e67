import * as v from 'valibot';
import { configVariable } from '../../../../../functions/config.ts';
import { settingsRemedy, writeSettings } from '../../settings.ts';
import { counted, type Finding, failed, ok, skipped, some, unknown } from '../finding.ts';
import type { GoogleApi } from '../google-api.ts';
import type { Ground } from '../ground.ts';
import { functionNames } from './names.ts';

/** Source: Cloud Functions API v2, Function. */
const Deployed = v.object({
  state: v.optional(v.string(), 'STATE_UNSPECIFIED'),
  stateMessages: v.optional(
    v.array(v.object({ severity: v.optional(v.string(), ''), message: v.optional(v.string(), '') })),
    [],
  ),
  buildConfig: v.optional(
    v.object({
      source: v.optional(
        v.object({ storageSource: v.optional(v.object({ object: v.optional(v.string()) }), {}) }),
        {},
      ),
    }),
    {},
  ),
  serviceConfig: v.optional(
    v.object({
      serviceAccountEmail: v.optional(v.string()),
      environmentVariables: v.optional(v.record(v.string(), v.string()), {}),
    }),
    { environmentVariables: {} },
  ),
});
export type Deployed = v.InferOutput<typeof Deployed>;

/** The functions of a deployment by their own names; `undefined` for one that is not there. */
export type AllDeployed = ReadonlyMap<string, Deployed | undefined>;

export const readDeployed = async (
  google: GoogleApi,
  { config }: Pick<Ground, 'config'>,
  signal: AbortSignal,
): Promise<AllDeployed> => {
  const parent = `projects/${config.project}/locations/${config.requestsRegion}/functions`;
  const found = await Promise.all(
    functionNames.map(async (name) => {
      const path = `/v2/${parent}/${config.deployment}-${name}`;
      return [name, await google.ask({ api: 'cloudfunctions', path }, Deployed, signal)] as const;
    }),
  );
  return new Map(found);
};

/** Whether every function is there, works, and runs as who it should. */
export const judgeDeployed = (all: AllDeployed, { config }: Pick<Ground, 'config'>): Finding => {
  const missing = [...all].flatMap(([name, found]) => (found === undefined ? [name] : []));
  if (missing.length > 0) return failed(`there is no function ${some(missing)}`, 'terraform apply');
  for (const [name, found] of all) {
    const full = `${config.deployment}-${name}`;
    const why = found?.stateMessages.find(({ severity }) => severity === 'ERROR') ?? found?.stateMessages[0];
    if (found?.state !== 'ACTIVE')
      return failed(
        `${full} is ${found?.state ?? 'nowhere'}${why === undefined ? '' : `: ${why.message}`}`,
        `gcloud functions describe ${full} --region=${config.requestsRegion} --gen2, then terraform apply`,
      );
    const account = found.serviceConfig.serviceAccountEmail;
    if (name !== 'inventory' && account !== undefined && account !== config.serviceAccount)
      return failed(`${full} runs as ${account} and not as ${config.serviceAccount}`, 'terraform apply');
  }
  return ok(`${counted(all.size, 'function')} are active`);
};

/** Whether all are of one archive: that of the settings, where they name it by its digest. */
export const judgeVersions = (all: AllDeployed, digest: string | undefined): Finding => {
  const objects = new Map<string, string[]>();
  for (const [name, found] of all) {
    const object = found?.buildConfig.source.storageSource.object;
    if (object !== undefined) objects.set(object, [...(objects.get(object) ?? []), name]);
  }
  const [first, second] = [...objects];
  const redo = 'npm run bundle && terraform apply';
  if (first === undefined) return skipped('not on this cloud: the functions are of no archive');
  if (second !== undefined)
    return failed(
      `${some(second[1])} ${second[1].length === 1 ? 'is' : 'are'} of ${second[0]}, ${some(first[1])} of ${first[0]}`,
      redo,
    );
  if (digest !== undefined && !first[0].includes(digest))
    return failed(
      `the functions are of ${first[0]}, and the settings of ${digest}`,
      `${writeSettings}, or ${redo}`,
    );
  return ok(`all are of ${first[0]}`);
};

/** A configuration without what differs between the functions of one deployment: whom each lets in. */
const common = (text: string): string | undefined => {
  try {
    const { push: _, ...rest } = JSON.parse(text) as { push?: unknown };
    return JSON.stringify(rest);
  } catch {
    return undefined;
  }
};

/** Whether the functions were told what the settings say: else one of the two is older than the last apply. */
export const judgeConfiguration = (all: AllDeployed, configuration: string | undefined): Finding => {
  const told = [...all].flatMap(([name, found]) => {
    const text = found?.serviceConfig.environmentVariables[configVariable];
    return text === undefined ? [] : [[name, text] as const];
  });
  if (told.length === 0) return skipped('not on this cloud: no function shows its environment');
  if (configuration === undefined) return unknown('the settings hold no configuration', settingsRemedy);
  const other = told.filter(([, text]) => common(text) !== common(configuration)).map(([name]) => name);
  if (other.length > 0)
    return failed(
      `${some(other)} ${other.length === 1 ? 'was' : 'were'} told another configuration than the settings hold`,
      `terraform apply, then ${writeSettings}`,
    );
  return ok(`${counted(told.length, 'function')} were told what the settings hold`);
};
