import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configVariable, readConfig } from '../../functions/config.ts';
import { connect } from '../../functions/connect.ts';
import { onInventory } from '../../functions/inventory.ts';
import { readHandler } from '../../functions/read-handler.ts';
import { systemRuntime } from '../../functions/system-runtime.ts';
import { startChromium } from './chromium.ts';

/**
 * The overview of many routes, from the API server's pages to the last pixel: the inventory's own code and client, before an
 * API server that only lists. Times are printed; the bars leave room for a machine that does other things, too.
 */
const bars = [
  { routes: 1_000, ms: 1_000 },
  { routes: 10_000, ms: 5_000 },
];

const ipOf = (at: number): string => `34.${1 + (at >> 16)}.${(at >> 8) % 256}.${at % 256}`;
const times = { creationTimestamp: '2026-01-01T00:00:00Z', generation: 1, resourceVersion: '1' };
const condition = (type: string, status: string, reason: string) => ({
  type,
  status,
  reason,
  message: `what there is to say of ${type}`,
  observedGeneration: 1,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

const route = (at: number) => ({
  metadata: { ...times, namespace: 'edge', name: `r${at}`, uid: `r${at}` },
  spec: {
    parentRefs: [{ name: `pool-${at >> 4}` }],
    addresses: [{ type: 'gke.networking.io/cidr', value: `${ipOf(at)}/32` }],
    podSelector: { matchLabels: { app: `r${at}` } },
  },
  status: {
    pods: [`r${at}-0`],
    conditions: [
      condition('Accepted', 'True', 'Accepted'),
      condition('GCPReady', 'True', 'GCPReady'),
      condition('DPV2Ready', 'True', 'DPV2Ready'),
      condition('Ready', at % 10 === 0 ? 'False' : 'True', 'ProgrammingComplete'),
    ],
  },
});

const gateway = (at: number) => ({
  metadata: { ...times, namespace: 'edge', name: `pool-${at}`, uid: `g${at}` },
  spec: { gatewayClassName: 'persistent-ip-regional-external', listeners: [] },
  status: {
    addresses: Array.from({ length: 16 }, (_, of) => ({ type: 'IPAddress', value: ipOf(16 * at + of) })),
  },
});

const gatewayClass = {
  metadata: {
    ...times,
    name: 'persistent-ip-regional-external',
    uid: 'c',
    annotations: { 'persistent-ip.dev/scheme': 'external' },
  },
  spec: { controllerName: 'persistent-ip.dev/serverless' },
};

let browser: Browser;
const servers: Server[] = [];

const listen = async (server: Server): Promise<string> => {
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

beforeAll(async () => {
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  for (const server of servers) server.close();
});

/** An API server that lists in pages, and a Cloud Logging without an entry. */
const startLists = (count: number): Promise<string> => {
  const lists: Readonly<Record<string, readonly unknown[]>> = {
    gkeiproutes: Array.from({ length: count }, (_, at) => route(at)),
    gateways: Array.from({ length: Math.ceil(count / 16) }, (_, at) => gateway(at)),
    gatewayclasses: [gatewayClass],
  };
  return listen(
    createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://lists');
      const items = lists[pathname.split('/').at(-1) ?? ''] ?? [];
      const from = Number(searchParams.get('continue') ?? 0);
      const end = from + Number(searchParams.get('limit'));
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          items: items.slice(from, end),
          metadata: end < items.length ? { continue: String(end) } : {},
        }),
      );
    }),
  );
};

const startInventory = (endpoint: string): Promise<string> => {
  const cluster = { project: 'p', location: 'l', name: 'c', region: 'us-central1', zones: ['us-central1-a'] };
  const config = readConfig({
    [configVariable]: JSON.stringify({
      deployment: 'test',
      project: 'p',
      serviceAccount: 'functions@p.iam.gserviceaccount.com',
      requestsTopic: 'projects/p/topics/requests',
      requestsRegion: 'us-central1',
      push: { audiences: { inventory: ['http://localhost'] }, emails: ['push@p.iam.gserviceaccount.com'] },
      clusters: [{ ...cluster, network: 'default', subnetwork: 'default', endpoint }],
      endpoints: { logging: endpoint },
    }),
  });
  const tokens = { token: () => Promise.resolve('t'), project: 'p' };
  const wiring = connect({ config, tokens, runtime: systemRuntime, onPlatform: false });
  const handler = readHandler(
    systemRuntime,
    () => Promise.resolve({ ok: true }),
    (asked) => onInventory(wiring, asked),
  );
  return listen(createServer((request, response) => void handler(request, response)));
};

describe.each(bars)('the overview of $routes routes', ({ routes, ms }) => {
  it(`is there in less than ${ms} ms, with a page of them`, async () => {
    const url = await startInventory(await startLists(routes));
    const context = await browser.newContext();
    const page = await context.newPage();
    // A process that has just started would show how long its code takes to load.
    await page.goto(`${url}/?namespace=warm-up`);
    const began = performance.now();
    await page.goto(url, { waitUntil: 'load' });
    await page.locator('section[aria-labelledby=pools] > table > tbody > tr').last().waitFor();
    const took = performance.now() - began;
    process.stdout.write(`${routes} routes: the overview is there after ${took.toFixed(0)} ms\n`);
    expect(await page.locator('section[aria-labelledby=routes] > table > tbody > tr').count()).toBe(100);
    expect(await page.locator('#routes + section caption').textContent()).toContain(`100 of ${routes}`);
    expect(took).toBeLessThan(ms);
    await context.close();
  });
});
