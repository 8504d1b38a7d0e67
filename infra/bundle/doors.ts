/**
 * What the functions use of the packages that are large as a whole: their public imports stay as they are, and the bundle
 * finds behind each of them only these modules. A name that is missing here stops the build.
 */
const modules = '@kubernetes/client-node/dist';

export const doors: Readonly<Record<string, string>> = {
  '@google-cloud/pubsub': `
    import { PublisherClient } from '@google-cloud/pubsub-api/build/src/v1/publisher_client.js';
    export const v1 = { PublisherClient };`,
  '@google-cloud/logging': `
    import { LoggingServiceV2Client } from '@google-cloud/logging-api/build/src/v2/logging_service_v2_client.js';
    export const v2 = { LoggingServiceV2Client };`,
  '@kubernetes/client-node': `
    export { ApiException } from '${modules}/gen/apis/exception.js';
    export { createConfiguration } from '${modules}/gen/configuration.js';
    export { ResponseContext, wrapHttpLibrary } from '${modules}/gen/http/http.js';
    export { ServerConfiguration } from '${modules}/gen/servers.js';
    export { setHeaderOptions } from '${modules}/middleware.js';
    export { PatchStrategy } from '${modules}/patch.js';
    export {
      ObjectAuthenticationV1Api as AuthenticationV1Api,
      ObjectCoreV1Api as CoreV1Api,
      ObjectCustomObjectsApi as CustomObjectsApi,
    } from '${modules}/gen/types/ObjectParamAPI.js';`,
  // Tokens come from the metadata server; gax would make a GoogleAuth only for a client that is given no credentials.
  'google-auth-library': `
    export { AuthClient } from 'google-auth-library/build/src/auth/authclient.js';
    export { Compute } from 'google-auth-library/build/src/auth/computeclient.js';`,
  // gaxios asks the metadata server with it: one HTTP agent is enough.
  'node-fetch': 'export default (...request) => fetch(...request);',
  // The clients ask for gRPC's half of gax as well, and take this one: every client is made with \`fallback\`.
  'google-gax': `
    import * as fallback from 'google-gax/fallback';
    import * as loggingUtils from 'google-logging-utils';
    export { fallback, loggingUtils };`,
};
