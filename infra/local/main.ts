import { join, relative } from 'node:path';
import pc from 'picocolors';
import type { LocalCloud } from './cloud.ts';
import type { DotLocal } from './dot-local.ts';
import { fail, help, readOptions } from './options.ts';
import { ownerOf } from './owner.ts';
import { applySample } from './samples.ts';
import { tours } from './tour/tours.ts';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const sayAddresses = (cloud: LocalCloud, { env }: DotLocal, page: string): void => {
  say('');
  say(pc.bold('Up until Ctrl-C. How to reach it:'));
  say(`  Kubernetes API   ${cloud.kubernetes.url}`);
  say(`  Compute API      ${cloud.compute.url}/compute/v1/projects/${cloud.project}`);
  say(`  Pub/Sub          ${cloud.pubsub.url}`);
  say(`  Cloud Logging    ${cloud.logging.url}`);
  for (const [name, url] of Object.entries(cloud.deployment.urls)) say(`  ${name.padEnd(16)} ${url}`);
  say('');
  say(`In a browser: ${pc.bold(page)}`);
  say('In a second terminal, kubectl and gcloud as they are (docs/second-terminal.md has more to try):');
  say(`  source ${relative(process.cwd(), env)}`);
  say('  kubectl get gkeiproutes -A');
  say('  gcloud compute forwarding-rules list');
  say('  persistent-ip get routes');
};

const main = async (): Promise<void> => {
  const options = readOptions();
  if (options.help) {
    say(help);
    return;
  }
  if (options.listTours) {
    for (const { name, about } of tours) say(`${name.padEnd(14)} ${about}`);
    return;
  }
  const folder = join(process.cwd(), '.local');
  const other = ownerOf(folder);
  if (other !== undefined && !options.once)
    fail(
      `another npm start (process ${other}) runs in this folder, and terminals use its .local: end that one, or start in another folder`,
    );
  say('Starting the local cloud …');
  // Loaded only now: --help and a wrong option answer at once.
  const [{ startCloud }, { writeDotLocal }, { openPageDoor }, { runTour }] = await Promise.all([
    import('./cloud.ts'),
    import('./dot-local.ts'),
    import('./page-door.ts'),
    import('./tour/tour.ts'),
  ]);
  const cloud = await startCloud({
    port: options.port,
    nodes: options.nodes,
    operationMs: options.operationMs,
    computeLatencyMs: options.computeLatencyMs,
    zones: ['a', 'b', 'c'].slice(0, options.zones).map((letter) => `us-central1-${letter}`),
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(options.verbose && {
      log: (severity, message, fields) =>
        say(pc.dim(`    ${severity} ${message} ${JSON.stringify(fields ?? {})}`)),
    }),
  }).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
  const [local, page] = await Promise.all([
    // Nobody has a second terminal for a cloud that ends by itself.
    options.once ? undefined : writeDotLocal(cloud, folder),
    openPageDoor(cloud),
  ]);
  let closing = false;
  const close = async (code: number): Promise<void> => {
    if (closing) return;
    closing = true;
    local?.remove();
    await page.close();
    await cloud.close();
    process.exit(code);
  };
  process.once('SIGINT', () => void close(0));
  process.once('SIGTERM', () => void close(0));
  say(
    `${cloud.vms.length} nodes in ${new Set(cloud.vms.map(({ zone }) => zone)).size} zones, project ${cloud.project}`,
  );
  if (options.tour !== undefined) {
    const good = await runTour(cloud, say, options.tour);
    say('');
    say(good ? pc.green('Every step did what it says.') : pc.red('The tour failed.'));
    if (options.once || !good) return close(good ? 0 : 1);
  } else
    for (const name of options.samples) {
      const addresses = await applySample(cloud, name);
      say(
        `applied samples/${name}.yaml, with ${addresses.length} address${addresses.length === 1 ? '' : 'es'} reserved for it`,
      );
    }
  if (local !== undefined) sayAddresses(cloud, local, page.url);
};

await main();
