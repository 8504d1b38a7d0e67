/** What gcloud runs with: nothing of it may ask, take part in somebody's login or settings, or leave this machine. */
export const gcloudEnvironment = (configuration: string): Readonly<Record<string, string>> => ({
  PATH: process.env.PATH ?? '',
  HOME: configuration,
  CLOUDSDK_CONFIG: configuration,
  CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
  CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
  CLOUDSDK_CORE_DISABLE_FILE_LOGGING: 'true',
  CLOUDSDK_CORE_CHECK_GCE_METADATA: 'false',
  CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
  CLOUDSDK_SURVEY_DISABLE_PROMPTS: 'true',
});
