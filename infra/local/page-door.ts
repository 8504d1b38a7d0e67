import express from 'express';
import type { LocalCloud } from './cloud.ts';
import { listen } from './listen.ts';
import { administrator } from './people.ts';

/** Bytes: more than the form of a plan may have, so that the inventory itself says what is too large. */
const largestForm = 2 * 1024 * 1024;

const passed = [
  'content-type',
  'etag',
  'cache-control',
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
];

/**
 * What `gcloud run services proxy` is to a deployment: an address of its own for a browser, which adds the identity token
 * that the inventory asks for. It passes on what reads alone (a page, and the form of a plan), and answers nobody who
 * came by another name (DNS rebinding).
 */
export const openPageDoor = async (
  cloud: Pick<LocalCloud, 'deployment' | 'sign'>,
): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const inventory = cloud.deployment.urls.inventory;
  const app = express();
  app.use((request, response, next) => {
    if (request.headers.host === new URL(door.url).host) return next();
    response.status(421).type('text').send(`this is ${door.url}`);
  });
  const pass = async (request: express.Request, response: express.Response): Promise<void> => {
    const token = await cloud.sign({ audience: inventory, email: administrator });
    const { 'if-none-match': tag, 'content-type': type } = request.headers;
    const answer = await fetch(`${inventory}${request.originalUrl}`, {
      method: request.method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(tag !== undefined && { 'if-none-match': tag }),
        ...(type !== undefined && { 'content-type': type }),
      },
      ...(Buffer.isBuffer(request.body) && { body: new Uint8Array(request.body) }),
    });
    for (const name of passed) {
      const value = answer.headers.get(name);
      if (value !== null) response.setHeader(name, value);
    }
    response.status(answer.status).end(await answer.text());
  };
  app.get('/{*path}', pass);
  app.post('/plan', express.raw({ type: () => true, limit: largestForm }), pass);
  const door = await listen(app);
  return door;
};
