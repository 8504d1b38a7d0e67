import { readConfig } from './config.ts';
import { connect } from './connect.ts';
import { googleCredentials } from './google-cloud/credentials.ts';
import { register } from './register.ts';
import { systemRuntime } from './system-runtime.ts';
import type { Wiring } from './wiring.ts';

/** What Cloud Functions loads: the functions, configured by the environment. */
let wiring: Wiring | undefined;

register(() => {
  wiring ??= connect({
    config: readConfig(process.env),
    tokens: googleCredentials(),
    runtime: systemRuntime,
    onPlatform: process.env.K_SERVICE !== undefined,
  });
  return wiring;
});
