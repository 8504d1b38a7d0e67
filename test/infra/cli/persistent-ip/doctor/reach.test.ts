import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { command } from '../terminal.ts';
import { askDoctor, linesOf } from './ask.ts';
import { configuration } from './google-world.ts';

/** What doctor says when it reaches nothing. */

const settingsFile = async (endpoints: object): Promise<string> => {
  const file = join(await mkdtemp(join(tmpdir(), 'persistent-ip-')), 'settings.json');
  const [cluster] = configuration.clusters;
  const nobody = { ...configuration, clusters: [{ ...cluster, endpoint: 'http://127.0.0.1:9' }] };
  const outputs = { configuration: { value: JSON.stringify(nobody) }, endpoints: { value: endpoints } };
  writeFileSync(file, JSON.stringify(outputs));
  return file;
};

const doctor = async (env: Readonly<Record<string, string>>) => {
  const { code, checks } = await askDoctor(env);
  return { code, of: (status: string) => linesOf(checks, status).map(({ check }) => check) };
};

it('an API server that does not answer is red, once, and the rest of its lines could not look', async () => {
  const file = await settingsFile({});
  const token = `${file}.token`;
  writeFileSync(token, 'token');
  const { code, of } = await doctor({
    PERSISTENT_IP_SETTINGS: file,
    PERSISTENT_IP_ACCESS_TOKEN_FILE: token,
  });
  expect({ code, red: of('failed'), ok: of('ok') }).toEqual({ code: 6, red: ['API server'], ok: [] });
  expect(of('unknown')).toContain('GKEIPRoute');
});

it('whoever has no token is told so, and nothing of the installation', async () => {
  const { code, of } = await doctor({
    PERSISTENT_IP_SETTINGS: await settingsFile({
      logging: 'http://127.0.0.1:9',
      compute: 'http://127.0.0.1:9',
    }),
    PERSISTENT_IP_ACCESS_TOKEN_FILE: '/nowhere/token',
  });
  expect({ code, red: of('failed'), ok: of('ok') }).toEqual({ code: 1, red: [], ok: [] });
  expect(of('unknown')).toContain('API server');
  expect(of('unknown')).toContain('quotas');
});

it('a cluster that is none of the deployment’s is not found', async () => {
  const env = { PERSISTENT_IP_SETTINGS: await settingsFile({}) };
  const ran = await command(['doctor', '--cluster', 'other'], { env });
  expect(ran).toMatchObject({ code: 3, err: expect.stringContaining('it has c') as string });
});
