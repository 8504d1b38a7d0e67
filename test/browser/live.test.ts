import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onInventory } from '../../functions/inventory.ts';
import { readerWiring } from '../functions/reader-wiring.ts';
import { type World, worldOfRoute } from '../functions/world.ts';
import { startChromium } from './chromium.ts';

/** The page's script in a Chromium whose clock the test turns: nobody waits for seconds to pass. */
let browser: Browser;
let server: Server;
let url: string;
let world: World;
let now: number;
let page: Page;
/** What the server is to answer instead of the page. */
let broken: number | undefined;
/** Statuses of the looks at the page, the first of which is the browser's own. */
let looks: number[];

beforeAll(async () => {
  browser = await startChromium();
  server = createServer(async (request, response) => {
    const { method = 'GET', url: path = '/', headers } = request;
    // One for each request, as if an instance of its own answered: nothing is shared here.
    const wiring = readerWiring(world, () => now);
    const asked = { method, url: path, ifNoneMatch: headers['if-none-match'] };
    const whole = await onInventory(wiring, asked);
    const answer = path === '/' && broken !== undefined ? { ...whole, status: broken } : whole;
    if (path === '/') looks.push(answer.status);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(async () => {
  world = worldOfRoute();
  now = Date.parse('2026-11-25T12:00:00Z');
  broken = undefined;
  looks = [];
  page = await browser.newPage();
  await page.clock.install({ time: now });
  await page.addInitScript(`
    const set = setTimeout;
    globalThis.timersSet = 0;
    globalThis.setTimeout = (...given) => { globalThis.timersSet += 1; return set(...given); };
  `);
  await page.goto(url);
  await page.clock.pauseAt(now + 1_000);
  // The reader comes back at this very moment, so that the test knows when the next look is due.
  await withLook(() => hide(false));
  // The browser's own cache has asked whether the page that it had just loaded has changed.
  expect(looks).toEqual([200, 304]);
  looks = [];
});
afterEach(() => page.close());

/** How often the script has set its timer: after each look once. */
const timersSet = (): Promise<number> =>
  page.evaluate(() => (globalThis as unknown as { timersSet: number }).timersSet);

/** Does something that brings a look, and waits until the script is done with it. */
const withLook = async (act: () => Promise<unknown>): Promise<void> => {
  const before = await timersSet();
  await act();
  while ((await timersSet()) === before);
};

/** Lets time pass, at the end of which there is a look. */
const pass = (ms: number): Promise<void> => withLook(() => page.clock.runFor(ms));

const hide = (hidden: boolean): Promise<void> =>
  page.evaluate(`
    Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} });
    document.dispatchEvent(new Event('visibilitychange'));
  `);

describe('live refresh', () => {
  it('asks every 3 s, and is told no more than that nothing has changed', async () => {
    await page.clock.runFor(2_900);
    expect(looks).toEqual([]);
    await pass(100);
    expect(looks).toEqual([304]);
  });

  it('shows what has changed', async () => {
    world.gateways.clear();
    await pass(3_000);
    await page.getByText('No pool is here.').waitFor();
    expect(looks).toEqual([200]);
  });

  it('asks nothing while nobody sees it, and at once when somebody is back', async () => {
    await hide(true);
    await page.clock.runFor(600_000);
    expect(looks).toEqual([]);
    await withLook(() => hide(false));
    expect(looks).toEqual([304]);
  });

  it('asks nothing while it is paused, and at once when it is resumed', async () => {
    await page.getByRole('button', { name: 'Pause live refresh' }).click();
    await page.clock.runFor(600_000);
    expect(looks).toEqual([]);
    await withLook(() => page.getByRole('button', { name: 'Resume live refresh' }).click());
    expect(looks).toEqual([304]);
  });

  it('asks nothing while its reader types, and loses no change by that', async () => {
    await page.getByLabel('Pod').focus();
    world.gateways.clear();
    await page.clock.runFor(30_000);
    expect(looks).toEqual([]);
    await page.getByLabel('Pod').blur();
    await pass(3_000);
    await page.getByText('No pool is here.').waitFor();
  });

  it('asks ever more rarely while nothing changes, every 15 s at most, and as often as ever after a change', async () => {
    for (let pause = 3_000; pause < 15_000; pause *= 1.25) await pass(Math.ceil(pause));
    const calm = looks.length;
    await page.clock.runFor(14_900);
    expect(looks.length).toBe(calm);
    world.gateways.clear();
    await pass(100);
    await pass(3_000);
    expect(looks.slice(-2)).toEqual([200, 304]);
  });

  it('says as of when it is while it cannot be refreshed, asks less and less, and says no more once it can', async () => {
    const said = () => page.locator('#stale').textContent();
    broken = 503;
    await pass(3_000);
    expect(await said()).toMatch(/^As of .*: this page cannot be refreshed \(HTTP 503\)/);
    await page.clock.runFor(5_900);
    expect(looks).toEqual([503]);
    await pass(100);
    await page.clock.runFor(11_900);
    expect(looks).toEqual([503, 503]);
    broken = undefined;
    await pass(100);
    expect(await said()).toBe('');
    expect(looks).toEqual([503, 503, 304]);
  });
});
