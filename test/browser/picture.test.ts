import { expect, it } from 'vitest';
import { gateway, namespace, pod, route } from '../scenarios/objects.ts';
import { Stage } from '../scenarios/stage.ts';
import { startChromium } from './chromium.ts';

/** Of namespace core, whose Pods are labelled `app: nat` as everybody's in these manifests. */
const core = ['203.0.113.8', '203.0.113.9'] as const;
const edge = ['34.123.10.1', '34.123.10.2', '34.123.10.3'] as const;

/** `UPDATE_SCREENSHOT=1 npm run test:browser -- test/browser/picture.test.ts`: what the README shows. */
it.runIf(process.env.UPDATE_SCREENSHOT)(
  'docs/page.png is the page of a cluster in which something is wrong',
  async () => {
    const [stage, browser] = await Promise.all([Stage.open(), startChromium()]);
    try {
      stage.reserve(...edge, ...core);
      await stage.apply(
        namespace('edge'),
        namespace('core'),
        gateway('pool', 'edge', edge),
        gateway('pool', 'core', core),
        route('nat', 'edge', [edge[0]]),
        route('upf', 'core', core),
        pod('nat-0', 'edge'),
        pod('upf-0', 'core'),
      );
      await stage.ready('core', 'upf', 'upf-0');
      await stage.ready('edge', 'nat', 'nat-0');
      await stage.apply(
        route('sip', 'edge', [edge[1]], { podSelector: { matchLabels: { app: 'sip' } } }),
        route('late', 'edge', [edge[0]]),
      );
      await stage.reason('edge', 'sip', 'Ready', 'NoPodsFound');
      await stage.reason('edge', 'late', 'Ready', 'InvalidAddresses');
      for (let next = 1; next <= 3; next += 1) {
        await stage.apply(pod(`nat-${next}`, 'edge'));
        await stage.ready('edge', 'nat', `nat-${next}`);
        await stage.rest();
      }
      const url = stage.cloud.deployment.urls.inventory;
      const token = await stage.cloud.sign({ audience: url, email: 'someone@example.com' });
      const context = await browser.newContext({
        extraHTTPHeaders: { authorization: `Bearer ${token}` },
        colorScheme: 'light',
        viewport: { width: 1100, height: 1140 },
      });
      const page = await context.newPage();
      await page.goto(url);
      await page.getByRole('img', { name: /Moves by hour/ }).waitFor({ timeout: 70_000 });
      expect(await page.locator('main').textContent()).toContain('3 from one Pod to another');
      await page.screenshot({ path: 'docs/page.png' });
    } finally {
      await browser.close();
      await stage.close();
    }
  },
);
