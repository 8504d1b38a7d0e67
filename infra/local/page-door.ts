import express from 'express';
import type { LocalCloud } from './cloud.ts';
import { listen } from './listen.ts';
import { administrator } from './people.ts';

/**
 * What `gcloud run services proxy` is to a deployment: an address of its own for a browser, which adds the identity token
 * that the inventory asks for. It reads alone, and answers nobody who came by another name (DNS rebinding).
 */
export const openPageDoor = async (
  cloud: Pick<LocalCloud, 'deployment' | 'sign'>,
): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const inventory = cloud.deployment.urls.inventory;
  const app = express();
  app.get('/{*path}', async (request, response) => {
    if (request.headers.host !== new URL(door.url).host) {
      response.status(421).type('text').send(`this is ${door.url}`);
      return;
    }
    const { 'if-none-match': tag } = request.headers;
    const token = await cloud.sign({ audience: inventory, email: administrator });
    const answer = await fetch(`${inventory}${request.originalUrl}`, {
      headers: { authorization: `Bearer ${token}`, ...(tag === undefined ? {} : { 'if-none-match': tag }) },
    });
    const passed = [
      'content-type',
      'etag',
      'cache-control',
      'content-security-policy',
      'x-content-type-options',
    ];
    for (const name of passed) {
      const value = answer.headers.get(name);
      if (value !== null) response.setHeader(name, value);
    }
    response.status(answer.status).end(await answer.text());
  });
  const door = await listen(app);
  return door;
};
