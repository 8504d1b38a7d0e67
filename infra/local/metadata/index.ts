import express from 'express';
import { answerErrors, refuseUnknownRoutes } from '../google-error.ts';
import { listen } from '../listen.ts';

export interface LocalMetadata {
  readonly url: string;
  /** `127.0.0.1:PORT`, as `GCE_METADATA_HOST` wants it. */
  readonly host: string;
  close(): Promise<void>;
}

/** Seconds for which a token is said to be valid: the local cloud's do not end, and clients renew theirs. */
const lifetime = 3599;

/**
 * The metadata server, in so far as Google's libraries ask it for credentials: who runs here, and an access token.
 * Source: Compute Engine, *About VM metadata* (the `Metadata-Flavor` header both ways); Cloud Run, *Container runtime
 * contract*.
 */
export const startMetadata = async (options: {
  readonly project: string;
  /** The service account that the process runs as. */
  readonly email: string;
  readonly token: string;
  readonly port?: number;
}): Promise<LocalMetadata> => {
  const { project, email, token } = options;
  const app = express();
  app.use((request, response, next) => {
    response.set('metadata-flavor', 'Google');
    if (request.get('metadata-flavor') === 'Google') next();
    else response.status(403).send('Missing required header "Metadata-Flavor": "Google"');
  });
  app.get('/computeMetadata/v1/instance', (_request, response) => void response.json({}));
  app.get('/computeMetadata/v1/project/project-id', (_request, response) => void response.send(project));
  app.get('/computeMetadata/v1/universe/universe-domain', (_request, response) => {
    response.send('googleapis.com');
  });
  const account = `/computeMetadata/v1/instance/service-accounts/:account`;
  app.get(`${account}/email`, (_request, response) => void response.send(email));
  app.get(`${account}/token`, (_request, response) => {
    response.json({ access_token: token, expires_in: lifetime, token_type: 'Bearer' });
  });
  app.use(refuseUnknownRoutes('the metadata server'));
  app.use(answerErrors);
  const { url, close } = await listen(app, options.port);
  return { url, host: new URL(url).host, close };
};
