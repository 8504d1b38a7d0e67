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
    const tag = (await fetch(`${door.url}/v1/routes`)).headers.get('etag') ?? '';
    expect((await fetch(`${door.url}/v1/routes`, { headers: { 'if-none-match': tag } })).status).toBe(304);
  });

  it('passes the form of a plan on, and no other POST', async () => {
    const body = new URLSearchParams({ manifest: 'a: [1' });
    const planned = await fetch(`${door.url}/plan`, { method: 'POST', body });
    expect(planned.status).toBe(400);
    expect(await planned.text()).toContain('document 1 cannot be read');
    expect((await fetch(`${door.url}/v1/plan`, { method: 'POST', body: 'a: [1' })).status).toBe(404);
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
