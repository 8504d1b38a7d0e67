import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accessTokens, accessTokenVariable } from '../../../../infra/cli/persistent-ip/tokens.ts';

let folder: string;

beforeEach(() => {
  nock.disableNetConnect();
  folder = mkdtempSync(join(tmpdir(), 'persistent-ip-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  nock.cleanAll();
  nock.enableNetConnect();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('the access token of whoever runs the command', () => {
  it('comes of their application default credentials, on a laptop as well', async () => {
    const credentials = { type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r' };
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', write('adc.json', JSON.stringify(credentials)));
    nock('https://oauth2.googleapis.com')
      .post('/token', /grant_type=refresh_token/)
      .reply(200, { access_token: 'mine', expires_in: 3600, token_type: 'Bearer' });
    expect(await accessTokens({ env: {} }).token()).toBe('mine');
  });

  it('is missed with what to do', async () => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(folder, 'none.json'));
    await expect(accessTokens({ env: {} }).token()).rejects.toMatchObject({
      kind: 'not-allowed',
      remedy: 'run gcloud auth application-default login',
    });
  });

  it('is that of a file where one is named', async () => {
    const env = { [accessTokenVariable]: write('token', 'theirs\n') };
    expect(await accessTokens({ env }).token()).toBe('theirs');
  });
});
