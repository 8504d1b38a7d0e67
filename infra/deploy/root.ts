/** What a deployment is: the variables of infra/terraform, as a JSON file. */
export interface Settings {
  readonly project: string;
  readonly region: string;
  readonly name?: string;
  readonly [variable: string]: unknown;
}

/**
 * The root module of a deployment, as Terraform reads it in JSON (`main.tf.json`): the state's place, the provider, the
 * module with its variables as they stand in the settings, and its outputs as one, which the command line reads.
 * @param paths of the module and of the archive, from the root's own folder: the same on every machine
 * @param stateBucket the bucket that holds the state; absent: no backend, for a check without one
 */
export const rootModule = (
  settings: Settings,
  paths: { readonly module: string; readonly archive: string },
  stateBucket?: string,
): object => {
  const { project, region, name = 'persistent-ip' } = settings;
  return {
    ...(stateBucket !== undefined && {
      terraform: { backend: { gcs: { bucket: stateBucket, prefix: name } } },
    }),
    provider: { google: { project, region } },
    module: { persistent_ip: { source: paths.module, ...settings, source_archive: paths.archive } },
    output: { persistent_ip: { value: `\${module.persistent_ip}` } },
  };
};

/** @throws Error that says what the file must be */
export const readSettings = (text: string): Settings => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error('the settings are no JSON: they are the variables of infra/terraform, as an object', {
      cause,
    });
  }
  const { project, region } = (json ?? {}) as Partial<Settings>;
  if (typeof project !== 'string' || typeof region !== 'string')
    throw new Error('the settings name no project and region: they are the variables of infra/terraform');
  return json as Settings;
};
