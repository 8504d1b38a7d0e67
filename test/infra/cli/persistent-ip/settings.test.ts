import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { outputNames, readSettings } from '../../../../infra/cli/persistent-ip/settings.ts';
import { rootModule } from '../../../../infra/deploy/root.ts';

const terraform = join(import.meta.dirname, '../../../../infra/terraform');
const folder = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (json: unknown): string => {
  const file = join(folder, 'persistent-ip.json');
  writeFileSync(file, JSON.stringify(json));
  return file;
};
const read = (json: unknown) => readSettings(written(json));
const module = { configuration: '{}', inventory_url: 'https://inventory', topics: { requests: 't' } };
/** As `terraform output -json` writes each of all outputs. */
const output = (value: unknown) => ({ sensitive: false, type: 'dynamic', value });

describe('the settings file', () => {
  it('is one output that is the whole module, as terraform output -json NAME writes it', () => {
    expect(read({ ...module, dashboard: 'd' })).toEqual(module);
  });

  it('is all outputs of a root that has such a one, among others', () => {
    const all = { function_service_account: output('a@b'), inventory_url: output('https://other') };
    expect(read({ ...all, persistent_ip: output(module) })).toEqual(module);
  });

  it('is all outputs of a root that hands each of them on', () => {
    const handedOn = Object.entries(module).map(([name, value]) => [name, output(value)]);
    expect(read(Object.fromEntries(handedOn))).toEqual(module);
  });

  it.each([
    [
      'outputs of something else',
      { function_service_account: output('a@b') },
      'holds no output of the module',
    ],
    ['no outputs at all', {}, 'add output "persistent_ip" { value = module.persistent_ip }'],
    ['no object', ['a'], 'holds no output of the module'],
    ['two deployments', { a: output(module), b: output(module) }, 'holds several deployments'],
    ['an output of another type', { ...module, topics: 'all' }, 'is not as expected: topics'],
  ])('with %s is refused, with what to do', (_, json, words) => {
    const file = written(json);
    expect(() => readSettings(file)).toThrow(
      expect.objectContaining({ kind: 'usage', line: expect.stringContaining(words) }),
    );
  });
});

describe('the module’s outputs reach the command line', () => {
  const outputs = [...readFileSync(join(terraform, 'outputs.tf'), 'utf8').matchAll(/^output "(\w+)"/gm)].map(
    ([, name]) => name,
  );
  // Only the local cloud says where Google's APIs are.
  const wanted = outputNames.filter((name) => name !== 'endpoints');

  it('each that it reads is one', () => {
    expect(wanted.length).toBeGreaterThan(8);
    expect(wanted.filter((name) => !outputs.includes(name))).toEqual([]);
  });

  it('the root that npm run deploy writes hands on the whole module', () => {
    const root = rootModule({ project: 'p', region: 'r' }, { module: 'm', archive: 'a' });
    expect(root).toMatchObject({ output: { persistent_ip: { value: `\${module.persistent_ip}` } } });
  });

  it.each(readdirSync(join(terraform, 'examples')))('the example %s hands on the whole module', (name) => {
    const text = readFileSync(join(terraform, 'examples', name, 'main.tf'), 'utf8');
    expect(text).toMatch(
      /^output "persistent_ip" \{\n(?: {2}description = .*\n)? {2}value\s+= module\.persistent_ip\n\}/m,
    );
  });
});
