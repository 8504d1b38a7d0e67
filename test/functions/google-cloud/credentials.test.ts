import { afterEach, describe, expect, it, vi } from 'vitest';
import { googleCredentials, staticCredentials } from '../../../functions/google-cloud/credentials.ts';
import { onlyPlannedAnswers, serve } from '../wire.ts';

onlyPlannedAnswers();
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the function's own credentials", () => {
  it('come from the metadata server, with the scope that tells the API server an e-mail address', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present');
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '');
    vi.stubEnv('GOOGLE_CLOUD_PROJECT', 'prj');
    vi.stubEnv('HOME', '/nonexistent');
    const flavor = { 'metadata-flavor': 'Google', 'content-type': 'application/json' };
    const fresh = { access_token: 'fresh', expires_in: 3600, token_type: 'Bearer' };
    const wire = serve('http://169.254.169.254', ({ path }) =>
      path.includes('/token') ? [200, fresh, flavor] : [404, '', flavor],
    );
    const { token } = googleCredentials();
    expect(await token()).toBe('fresh');
    expect(await token()).toBe('fresh');
    const asked = wire.lines().filter((line) => line.includes('/token'));
    const scopes =
      'https://www.googleapis.com/auth/cloud-platform,https://www.googleapis.com/auth/userinfo.email';
    expect(asked).toEqual([
      `GET /computeMetadata/v1/instance/service-accounts/default/token?scopes=${scopes}`,
    ]);
  });

  it('ask for nothing before they are needed', () => {
    const wire = serve('http://169.254.169.254', []);
    googleCredentials();
    expect(wire.calls).toHaveLength(0);
  });
});

it("the local cloud's token never changes", async () => {
  expect(await staticCredentials('abc').token()).toBe('abc');
});
