import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * The Chromium of this machine: `CHROMIUM` names it, or it is where Debian puts it.
 * @throws Error that says what to install
 */
export const startChromium = (): Promise<Browser> => {
  const executablePath = process.env.CHROMIUM ?? usual.find(existsSync);
  if (executablePath === undefined)
    throw new Error('there is no Chromium here: apt-get install chromium, or name one in CHROMIUM');
  // Root in a container has no sandbox; what is loaded is our own page.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
};
