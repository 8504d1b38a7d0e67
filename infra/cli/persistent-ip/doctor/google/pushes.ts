import type { Ground } from '../ground.ts';
import { functionOfQueue, projectNumber } from './names.ts';
import type { Grant } from './policies.ts';

/** Pub/Sub's own account, or what it looks like where the project's number is not known. */
const agentOf = (ground: Pick<Ground, 'config'>): string | RegExp => {
  const number = projectNumber(ground);
  return number === undefined
    ? /^serviceAccount:service-\d+@gcp-sa-pubsub\.iam\.gserviceaccount\.com$/
    : `serviceAccount:service-${number}@gcp-sa-pubsub.iam.gserviceaccount.com`;
};

/** Of Pub/Sub's own account. */
export const grantOfAgent = (ground: Pick<Ground, 'config'>, right: Grant['right'], on: string): Grant => ({
  on,
  right,
  member: agentOf(ground),
  who: 'Pub/Sub’s own account',
});

/** Who pushes may call each function that events call, and receive Eventarc's events; Pub/Sub may sign as it. */
export const grantsOfPushes = (ground: Pick<Ground, 'config'>): readonly Grant[] => {
  const { project, requestsRegion, deployment, push } = ground.config;
  const services = `projects/${project}/locations/${requestsRegion}/services`;
  return push.emails.flatMap((email) => {
    const pusher = { member: `serviceAccount:${email}`, who: 'who pushes' };
    return [
      ...Object.values(functionOfQueue).map(
        (name): Grant => ({ on: `${services}/${deployment}-${name}`, right: 'invoke', ...pusher }),
      ),
      { on: `projects/${project}`, right: 'receive', ...pusher } as const,
      grantOfAgent(ground, 'sign', `projects/${project}/serviceAccounts/${email}`),
    ];
  });
};
