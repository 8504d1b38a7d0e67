import { setTimeout } from 'node:timers/promises';
import { GoogleAuth } from 'google-auth-library';
import { smoke } from './smoke.ts';

const help = `npm run smoke -- URL

Reads pools and routes from the inventory function at URL (terraform output inventory_url), as a build does after an apply. It
needs the identity of a service account that is among the deployment's readers: Cloud Build's own, or that of a key or an
impersonation in GOOGLE_APPLICATION_CREDENTIALS. Without a URL nothing is read. As a person, ask instead: persistent-ip get routes`;

/** The check after a deployment. @returns the exit code */
const run = async (url: string): Promise<number> => {
  if (url === '--help') {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  if (url === '') {
    process.stdout.write('smoke: skipped, no address of the inventory function was given (_INVENTORY_URL)\n');
    return 0;
  }
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    process.stderr.write(
      `error: ${url} is no URL of an inventory: give what terraform output inventory_url says\n`,
    );
    return 2;
  }
  const auth = new GoogleAuth();
  try {
    await smoke({
      url,
      token: async () => (await auth.getIdTokenClient(url)).idTokenProvider.fetchIdToken(url),
      sleep: (ms) => setTimeout(ms),
      say: (text) => process.stdout.write(`${text}\n`),
    });
    return 0;
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
};

process.exitCode = await run(process.argv[2] ?? '');
