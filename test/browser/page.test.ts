import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gateway, namespace, pod, route } from '../scenarios/objects.ts';
import { Stage } from '../scenarios/stage.ts';
import { startChromium } from './chromium.ts';

let stage: Stage;
let browser: Browser;

beforeAll(async () => {
  [stage, browser] = await Promise.all([Stage.open(), startChromium()]);
  stage.reserve('34.1.2.3', '34.1.2.4', '34.1.2.5');
  await stage.apply(
    namespace('edge'),
    gateway('pool', 'edge', ['34.1.2.3', '34.1.2.4', '34.1.2.5']),
    route('nat', 'edge', ['34.1.2.3']),
    route('sip', 'edge', ['34.1.2.4'], { podSelector: { matchLabels: { app: 'sip' } } }),
    pod('nat-1', 'edge'),
  );
  await stage.ready('edge', 'nat', 'nat-1');
  await stage.reason('edge', 'sip', 'Ready', 'NoPodsFound');
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

/** Opens the overview with a reader's token, as `gcloud run services proxy` adds it. */
const open = async (path = '/', options: BrowserContextOptions = {}): Promise<Page> => {
  const url = stage.cloud.deployment.urls.inventory;
  const token = await stage.cloud.sign({ audience: url, email: 'someone@example.com' });
  const context = await browser.newContext({
    extraHTTPHeaders: { authorization: `Bearer ${token}` },
    bypassCSP: false,
    ...options,
  });
  const page = await context.newPage();
  await page.goto(`${url}${path}`);
  return page;
};

/** What axe finds that stands in a reader's way, in a page whose own policy is off. */
const harmsHere = async (page: Page): Promise<readonly string[]> => {
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
};

/** The same of a page at whose policy nobody has touched: of another copy of it. */
const harms = async (page: Page, colorScheme: 'light' | 'dark'): Promise<readonly string[]> => {
  const free = await open(new URL(page.url()).pathname, {
    bypassCSP: true,
    colorScheme,
  });
  const found = await harmsHere(free);
  await free.context().close();
  return found;
};

const rows = (page: Page) => page.locator('section[aria-labelledby=routes] tbody tr');

describe('the page in Chromium', () => {
  it('shows what is wrong first, and who holds what', async () => {
    const page = await open();
    await expect(rows(page).allInnerTexts()).resolves.toEqual([
      expect.stringMatching(/edge\/sip[\s\S]*Not ready[\s\S]*NoPodsFound/) as string,
      expect.stringMatching(/edge\/nat[\s\S]*34\.1\.2\.3[\s\S]*edge\/nat-1[\s\S]*Ready/) as string,
    ]);
    await page.context().close();
  });

  it('is filtered by an address that is typed', async () => {
    const page = await open();
    await page.getByLabel('Address').fill('34.1.2.3');
    await page.keyboard.press('Enter');
    await page.waitForURL(/address=34\.1\.2\.3/);
    expect(await rows(page).count()).toBe(1);
    await page.context().close();
  });

  it('works without JavaScript', async () => {
    const page = await open('/', { javaScriptEnabled: false });
    await page.getByLabel('Namespace').fill('elsewhere');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/namespace=elsewhere/);
    expect(await page.getByText('No route is here.').count()).toBe(1);
    expect(await page.locator('#live').isVisible()).toBe(false);
    await page.context().close();
  });

  it('shows by itself that a killed Pod’s address moved', async () => {
    const page = await open();
    await stage.apply(pod('nat-2', 'edge'));
    await stage.podReady('edge', 'nat-2');
    await stage.admin.kubernetes('DELETE', '/api/v1/namespaces/edge/pods/nat-1');
    await stage.ready('edge', 'nat', 'nat-2');
    await page.getByText('edge/nat-2').first().waitFor({ timeout: 20_000 });
    await page.context().close();
  });

  it('says how often addresses moved, as a picture and as a table that opens by the keyboard', async () => {
    const page = await open();
    await page.getByRole('img', { name: /Moves by hour/ }).waitFor({ timeout: 70_000 });
    const table = page.getByText('Moves by hour, as a table');
    await table.focus();
    await page.keyboard.press('Enter');
    const hours = page.locator('section[aria-labelledby=moves] tbody tr');
    expect(await hours.count()).toBeGreaterThanOrEqual(24);
    expect(await hours.last().textContent()).toMatch(/^\s*\d\d:00 UTC/);
    await page.context().close();
  });

  it('leads to a route’s explanation and to an address’s timeline', async () => {
    const page = await open();
    await rows(page).getByRole('link', { name: 'edge/nat', exact: true }).click();
    await page.getByText('it is the first in the order of the rules').waitFor();
    await page.goBack();
    await page.getByRole('link', { name: '34.1.2.3', exact: true }).first().click();
    await page.getByRole('img', { name: /Who held the address/ }).waitFor();
    expect(await page.locator('tbody tr').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringMatching(/nat-1 on gke-local/)]) as string[],
    );
    expect(await harms(page, 'light')).toEqual([]);
    await page.context().close();
  });

  it('plans a manifest that is pasted, without JavaScript, and keeps what was pasted', async () => {
    const page = await open('/', { javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Plan' }).click();
    const manifest = JSON.stringify(route('new', 'edge', ['34.1.2.3', '34.1.2.5']), null, 2);
    await page.getByLabel('Manifest').fill(manifest);
    await page.getByRole('button', { name: 'Plan' }).click();
    await page.getByRole('heading', { name: 'GKEIPRoute edge/new' }).waitFor();
    expect(await page.locator('main').getByRole('status').textContent()).toContain(
      'edge/new would not be served',
    );
    expect(await page.locator('main').textContent()).toContain('34.1.2.3');
    expect(await page.getByLabel('Manifest').inputValue()).toBe(manifest);
    await page.getByLabel('Manifest').fill('a: [1');
    await page.getByRole('button', { name: 'Plan' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('document 1 cannot be read');
    expect(await page.getByLabel('Manifest').inputValue()).toBe('a: [1');
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'shows a plan that stands in no reader’s way when it is %s',
    async (colorScheme) => {
      const page = await open('/plan', { colorScheme, bypassCSP: true });
      const fresh = JSON.stringify(route('new', 'edge', ['34.1.2.5']));
      const late = JSON.stringify(route('late', 'edge', ['34.1.2.3']));
      await page.getByLabel('Manifest').fill(`${fresh}\n---\n${late}`);
      await page.getByRole('button', { name: 'Plan' }).click();
      await page.getByText('forwardingRules.insert').first().waitFor();
      expect(await harmsHere(page)).toEqual([]);
      await page.context().close();
    },
  );

  it('says in words what is not there', async () => {
    const page = await open('/routes/edge/none');
    expect(await page.getByRole('alert').textContent()).toBe('there is no GKEIPRoute edge/none');
    await page.context().close();
  });

  it('stays as it is while it is paused', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Pause live refresh' }).click();
    expect(await page.locator('#live').getAttribute('aria-pressed')).toBe('true');
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('stands in no reader’s way when it is %s', async (colorScheme) => {
    const page = await open('/', { colorScheme });
    expect(await harms(page, colorScheme)).toEqual([]);
    await page.context().close();
  });
});
