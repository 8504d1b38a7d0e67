import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalCloud, startCloud } from '../../../infra/local/cloud.ts';
import { openPageDoor } from '../../../infra/local/page-door.ts';

let cloud: LocalCloud;
let door: Awaited<ReturnType<typeof openPageDoor>>;

beforeAll(async () => {
  cloud = await startCloud({ sweepMs: 0, nodes: 1 });
  door = await openPageDoor(cloud);
});
afterAll(async () => {
  await door.close();
  await cloud.close();
});

describe('the page’s own door', () => {
  it('shows the page to a browser, which has no token', async () => {
    const answer = await fetch(`${door.url}/`);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await answer.text()).toContain('<h1>Persistent IP addresses</h1>');
  });

  it('passes on that nothing has changed', async () => {
    const tag = (await fetch(`${door.url}/`)).headers.get('etag') ?? '';
    expect((await fetch(`${door.url}/`, { headers: { 'if-none-match': tag } })).status).toBe(304);
  });

  it('answers nobody who came by another name', async () => {
    const status = await new Promise((resolve, reject) => {
      request(`${door.url}/`, { headers: { host: 'evil.example' } }, ({ statusCode }) => resolve(statusCode))
        .once('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });
});
