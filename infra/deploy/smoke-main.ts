import { setTimeout } from 'node:timers/promises';
import { GoogleAuth } from 'google-auth-library';
import { smoke } from './smoke.ts';

/** `npm run smoke -- URL`: the check after a deployment. Without a URL there is nothing to read, and it says so. */
const [url = ''] = process.argv.slice(2);
if (url === '') {
  process.stdout.write('smoke: skipped, no address of the inventory function was given (_INVENTORY_URL)\n');
} else {
  const auth = new GoogleAuth();
  await smoke({
    url,
    token: async () => (await auth.getIdTokenClient(url)).idTokenProvider.fetchIdToken(url),
    sleep: (ms) => setTimeout(ms),
    say: (text) => process.stdout.write(`${text}\n`),
  });
}
