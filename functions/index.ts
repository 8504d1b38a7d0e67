import { readConfig } from './config.ts';
import { connect } from './connect.ts';
import { googleCredentials } from './google-cloud/credentials.ts';
import { prepare } from './prepare.ts';
import { register } from './register.ts';
import { systemRuntime } from './system-runtime.ts';
import type { Wiring } from './wiring.ts';

/** What Cloud Functions loads: the functions, configured by the environment. */
let wiring: Wiring | undefined;
const tokens = googleCredentials();

register(() => {
  wiring ??= connect({
    config: readConfig(process.env),
    tokens,
    runtime: systemRuntime,
    onPlatform: process.env.K_SERVICE !== undefined,
  });
  return wiring;
});

prepare(process.env, tokens, () =>
  Promise.all([
    import('./reconcile.ts'),
    import('./kubernetes/cluster.ts'),
    import('./google-cloud/compute.ts'),
    import('./google-cloud/audit-log.ts'),
  ]),
);
