import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What is made of `control-plane/`, outside of the checkout. */
export interface Built {
  /** `control-plane etcd|kube-apiserver|kube-controller-manager|kube-scheduler`. */
  readonly binary: string;
  /** The official conformance tests of the Gateway API. */
  readonly conformance: string;
  /** A folder with the CRDs of the same release, its standard channel. */
  readonly gatewayCrds: string;
}

const source = join(import.meta.dirname, 'control-plane');
/** The Kubernetes of `go.mod`, which the binary shall say of itself. */
const version = { gitVersion: 'v1.34.2', gitMajor: '1', gitMinor: '34' };
const ldflags = [
  '-s -w',
  ...Object.entries(version).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`),
].join(' ');

const files = async (): Promise<string[]> =>
  (await readdir(source, { recursive: true })).filter((name) => /\.go$|^go\.(mod|sum)$/.test(name)).sort();

/** The folder that these sources, and no others, were built into. */
const cached = async (): Promise<string> => {
  const hash = createHash('sha256').update(ldflags);
  for (const name of await files()) hash.update(`\0${name}\0`).update(await readFile(join(source, name)));
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(cache, 'gke-persistent-ip', 'control-plane', hash.digest('hex').slice(0, 16));
};

const builtIn = (folder: string): Built => ({
  binary: join(folder, 'control-plane'),
  conformance: join(folder, 'conformance.test'),
  gatewayCrds: join(folder, 'gateway-crds'),
});

/** Runs go, and hands over each line that it says. @throws Error with what it said when it fails */
export const go = async (
  args: readonly string[],
  onLine: (line: string) => void = () => {},
): Promise<string> => {
  const child = spawn('go', args, { cwd: source, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  createInterface(child.stderr).on('line', (line) => {
    said.push(line);
    onLine(line);
  });
  const [code] = (await once(child, 'close').catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT'
      ? new Error(
          'the test cluster is built from Go sources, and there is no program `go` in PATH: install Go 1.26 or newer (https://go.dev/dl)',
        )
      : cause;
  })) as [number];
  if (code !== 0) throw new Error(`go ${args[0]} failed:\n${said.slice(-20).join('\n')}`);
  return output.trim();
};

const secondsBetweenNews = 10;

/** @param onPackage told of each package that has been compiled */
const fill = async (folder: string, onPackage: () => void): Promise<void> => {
  const { binary, conformance, gatewayCrds } = builtIn(folder);
  await go(['build', '-v', '-trimpath', `-ldflags=${ldflags}`, '-o', binary, '.'], onPackage);
  await go(['test', '-c', '-trimpath', '-ldflags=-s -w', '-o', conformance, './conformance']);
  const gatewayApi = await go(['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/gateway-api']);
  const standard = join(gatewayApi, 'config', 'crd', 'standard');
  await mkdir(gatewayCrds);
  for (const file of await readdir(standard))
    if (file.endsWith('.yaml')) await copyFile(join(standard, file), join(gatewayCrds, file));
};

const make = async (folder: string, say: (line: string) => void): Promise<void> => {
  say(`Building a Kubernetes control plane into ${folder} (about 8 minutes on two cores, once) …`);
  await go(['version']);
  const packages = (await go(['list', '-deps', '.'])).split('\n').length;
  const began = Date.now();
  const minutes = (): string => `${((Date.now() - began) / 60_000).toFixed(1)} min`;
  let compiled = 0;
  const news = setInterval(
    () => say(`  ${minutes()}: ${compiled} packages compiled, of at most ${packages}`),
    secondsBetweenNews * 1_000,
  );
  await mkdir(join(folder, '..'), { recursive: true });
  // Beside its place and moved there whole: nobody finds half of it.
  const draft = await mkdtemp(`${folder}-`);
  try {
    await fill(draft, () => {
      compiled += 1;
    });
    await rename(draft, folder).catch((error: unknown) => {
      // Somebody else was quicker.
      if (!existsSync(folder)) throw error;
    });
    say(`  built in ${minutes()}`);
  } finally {
    clearInterval(news);
    await rm(draft, { recursive: true, force: true });
  }
};

/** Builds what is missing. @throws Error that says why it cannot */
export const build = async (say: (line: string) => void): Promise<Built> => {
  const folder = await cached();
  if (!existsSync(folder)) await make(folder, say);
  return builtIn(folder);
};

/** @throws Error when `build` has not been called for these sources */
export const builtControlPlane = async (): Promise<Built> => {
  const folder = await cached();
  if (!existsSync(folder)) throw new Error('the control plane is not built: npm run test:cluster builds it');
  return builtIn(folder);
};
