import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { kubeconfigOf } from '../../infra/local/kubernetes/index.ts';
import { gatewayClass } from '../scenarios/objects.ts';
import { Stage } from '../scenarios/stage.ts';
import { builtControlPlane } from './build.ts';

/**
 * The official tests of the Gateway API, v1.4.1, that need no HTTPRoute, by their names there. Of GatewayInvalidRouteKind
 * the second case wants a listener for HTTPRoutes, which a pool of addresses has no use for.
 */
const suite = 'TestConformance';
const official = [
  'GatewayClassObservedGenerationBump/observedGeneration_should_increment',
  'GatewayObservedGenerationBump/observedGeneration_should_increment',
  'GatewayInvalidRouteKind/Gateway_listener_should_have_a_false_ResolvedRefs_condition_with_reason_InvalidRouteKinds_and_no_supportedKinds',
  'GatewayOptionalAddressValue',
];
const parts = official.map((name) => name.split('/'));
const either = (at: number): string =>
  `^(${[...new Set(parts.flatMap((names) => names[at] ?? []))].join('|')})$`;

const run = (binary: string, env: NodeJS.ProcessEnv): Promise<string> =>
  new Promise((resolve) => {
    const args = [
      '-test.v',
      '-test.timeout=4m',
      `-test.run=^${suite}$/${either(0)}/${either(1)}`,
      '-gateway-class=conformance',
      '-supported-features=Gateway,GatewayAddressEmpty',
    ];
    execFile(binary, args, { env, maxBuffer: 64 * 1024 * 1024 }, (_, out, err) => resolve(out + err));
  });

it('the official conformance tests that need no HTTPRoute pass against the functions, as they are', async () => {
  const { conformance } = await builtControlPlane();
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  const stage = await Stage.open();
  onTestFinished(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });
  // The suite of v1.4.1 drops the entry without a value that it applies, and asks for an address all the same.
  const annotations = { 'persistent-ip.dev/default-address': 'reserve' };
  await stage.apply(gatewayClass('conformance', { scheme: 'external', annotations }));
  const door = await stage.cloud.kubernetes.openHttps();
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigOf(door, [{ name: 'admin', groups: ['system:masters'] }]));
  const { PATH, HOME } = process.env;
  const output = await run(conformance, { PATH, HOME, KUBECONFIG: kubeconfig });
  const verdicts = [...output.matchAll(/^\s*--- (PASS|FAIL|SKIP): (\S+)/gm)].map(
    ([, verdict, name]) => `${verdict} ${name}`,
  );
  const passed = official.map((name) => `PASS ${suite}/${name}`);
  expect(verdicts, output).toEqual(expect.arrayContaining(passed));
  expect(verdicts.filter((verdict) => verdict.startsWith('FAIL'))).toEqual([]);
}, 300_000);
