/**
 * The permission that each question of doctor's needs, by its API and what its path ends in; the first that fits. Whoever is
 * refused is told which. Source: the reference of each method, *IAM permissions*; compared with the methods and roles of
 * github.com/iann0036/iam-dataset at 2073fa5, in which `roles/viewer` and `roles/iam.securityReviewer` together have them all.
 */
const needed: readonly (readonly [api: string, path: RegExp, permission: string])[] = [
  ['cloudfunctions', /\/functions\/[^/]+$/, 'cloudfunctions.functions.get'],
  ['cloudresourcemanager', /:getIamPolicy$/, 'resourcemanager.projects.getIamPolicy'],
  ['cloudscheduler', /\/jobs\/[^/]+$/, 'cloudscheduler.jobs.get'],
  ['compute', /\/regions\/[^/]+$/, 'compute.regions.get'],
  ['compute', /\/projects\/[^/]+$/, 'compute.projects.get'],
  ['container', /\/clusters\/[^/]+$/, 'container.clusters.get'],
  ['eventarc', /\/triggers$/, 'eventarc.triggers.list'],
  ['iam', /\/serviceAccounts\/[^/]+:getIamPolicy$/, 'iam.serviceAccounts.getIamPolicy'],
  ['iam', /\/roles\/[^/]+$/, 'iam.roles.get'],
  ['logging', /\/entries:list$/, 'logging.logEntries.list'],
  ['logging', /\/sinks\/[^/]+$/, 'logging.sinks.get'],
  ['monitoring', /\/timeSeries$/, 'monitoring.timeSeries.list'],
  ['pubsub', /\/subscriptions\/[^/]+:getIamPolicy$/, 'pubsub.subscriptions.getIamPolicy'],
  ['pubsub', /\/topics\/[^/]+:getIamPolicy$/, 'pubsub.topics.getIamPolicy'],
  ['pubsub', /\/subscriptions\/[^/:]+$/, 'pubsub.subscriptions.get'],
  ['run', /\/services\/[^/]+:getIamPolicy$/, 'run.services.getIamPolicy'],
  ['serviceusage', /\/services:batchGet$/, 'serviceusage.services.get'],
];

/** @param path with or without its query. `undefined`: nothing is needed, or nobody knows what */
export const permissionOf = (api: string, path: string): string | undefined => {
  const [place = ''] = path.split('?', 1);
  return needed.find(([of, form]) => of === api && form.test(place))?.[2];
};

/** All that doctor needs at Google Cloud itself; the clusters have RBAC of their own. */
export const doctorPermissions: readonly string[] = needed.map(([, , permission]) => permission);
