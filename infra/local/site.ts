import { messagingNames } from './messaging.ts';

/** What the local project, its cluster and the accounts in it are called. */
export const project = 'local-project';
export const region = 'us-central1';
export const cluster = { project, location: region, name: 'local' };

const accountOf = (name: string): string => `${name}@${project}.iam.gserviceaccount.com`;

/** Whom the functions run as. */
export const serviceAccount = accountOf('persistent-ip');
/** Whom the inventory runs as. */
export const readerAccount = accountOf('persistent-ip-inventory');
/** Who makes topics and subscriptions, as Terraform does. */
export const deployer = accountOf('terraform');
/** Who pushes. */
export const pushIdentity = accountOf('persistent-ip-push');

/** What of the deployment's names the functions, the sinks and the schedule begin with. */
export const deploymentName = 'persistent-ip';
/** The sink of the cluster's audit log. */
export const clusterSink = `projects/${project}/sinks/${deploymentName}-cluster-events`;

export const { topics, subscriptions, deadLetters } = messagingNames(project);
