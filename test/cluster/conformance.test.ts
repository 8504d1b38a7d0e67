import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeDotLocal } from '../../infra/local/dot-local.ts';
import { gatewayClass } from '../scenarios/objects.ts';
import { Stage } from '../scenarios/stage.ts';
import { builtControlPlane } from './build.ts';

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

/** What the program says, whether or not it succeeds. */
const said = (program: string, args: readonly string[], env: Readonly<Record<string, string>>) =>
  new Promise<string>((resolve) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
    execFile(program, args, options, (_error, stdout, stderr) => resolve(stdout + stderr));
  });

it('GatewayOptionalAddressValue of the Gateway API’s own suite passes', { timeout: 300_000 }, async () => {
  // The suite of v1.4.1 drops the entry without a value that it applies, and asks for an address all the same.
  const annotations = { 'persistent-ip.dev/default-address': 'reserve' };
  await stage.apply(gatewayClass('conformance', { scheme: 'external', annotations }));
  const { conformance } = await builtControlPlane();
  const local = await writeDotLocal(stage.cloud, await mkdtemp(join(tmpdir(), 'conformance-')));
  const name = 'GatewayOptionalAddressValue';
  const output = await said(
    conformance,
    [
      '-test.v',
      '-gateway-class=conformance',
      '-supported-features=Gateway,GatewayAddressEmpty',
      `-run-test=${name}`,
    ],
    { KUBECONFIG: local.kubeconfig },
  );
  local.remove();
  expect(output).toContain(`--- PASS: TestConformance/${name}`);
  expect(output).not.toContain('--- FAIL');
});
