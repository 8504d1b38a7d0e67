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

export const { topics, subscriptions, deadLetters } = messagingNames(project);
