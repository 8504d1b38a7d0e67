import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../../../../functions/config.ts';
import {
  doctorPermissions,
  permissionOf,
} from '../../../../../infra/cli/persistent-ip/doctor/permission-of.ts';
import permissions from '../../../../../infra/rights/permissions.json' with { type: 'json' };
import {
  renderComputeFilter,
  renderSinkFilter,
  renderSystemEventFilter,
} from '../../../../../infra/sink/render.ts';
import { aNetworkOfAnswers, ask, asked } from './asking-google.ts';
import { type Answers, configuration, settings, sinkOf, whole } from './google-world.ts';

/** What doctor asks of Google's APIs, and what it says of their answers; shapes as in their discovery documents. */

aNetworkOfAnswers();

describe('of a whole installation', () => {
  it('every line is ok, by reads with the caller’s token, charged to the project', async () => {
    const { results } = await ask(whole());
    expect(results.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(results).toHaveLength(33);
    const posted = asked.filter(({ method }) => method === 'POST').map(({ url }) => url.pathname);
    expect(posted.filter((path) => !/:(getIamPolicy|testIamPermissions|list)$/.test(path))).toEqual([]);
    for (const { headers } of asked) {
      expect(headers.get('authorization')).toBe('Bearer token');
      expect(headers.get('x-goog-user-project')).toBe('p');
    }
  });

  it('each question needs one permission that the docs name, and they name no other', async () => {
    await ask(whole());
    // What the caller may do, everybody may ask.
    const questions = asked.filter(({ url }) => !url.pathname.endsWith(':testIamPermissions'));
    const needed = questions.map(({ url }) => permissionOf(url.hostname.split('.')[0] ?? '', url.pathname));
    // GKE is asked by a cluster's line, and only where its API server does not tell of Dataplane V2.
    const gke = permissionOf('container', '/v1/projects/p/locations/r/clusters/c');
    expect(new Set([...needed, gke])).toEqual(new Set(doctorPermissions));
    const page = readFileSync(new URL('../../../../../docs/command-line.md', import.meta.url), 'utf8');
    const [, list = ''] = /A role of your own needs ([^.]*(?:\.\w[^.]*)*)\. /.exec(page) ?? [];
    const named = [...list.matchAll(/`([\w.]+)`/g)].map(([, permission]) => permission);
    expect(named).toEqual(doctorPermissions.toSorted());
  });

  it('that the caller may not charge is read without', async () => {
    const denied = {
      error: {
        code: 403,
        status: 'PERMISSION_DENIED',
        message: 'Caller does not have required permission to use project p.',
        details: [{ reason: 'USER_PROJECT_DENIED' }],
      },
    };
    const { results } = await ask({
      ...whole(),
      'GET cloudscheduler /v1/projects/p/locations/r/jobs/pip-sw-sweep': [403, denied],
    });
    expect(results.find(({ check }) => check === 'schedule')?.status).toBe('unknown');
    const tries = asked.filter(({ url }) => url.hostname.startsWith('cloudscheduler'));
    expect(tries.map(({ headers }) => headers.get('x-goog-user-project'))).toEqual(['p', null]);
  });
});

describe('a line could not look', () => {
  it('where the caller may not, and names the roles', async () => {
    const denied = [403, { error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' } }];
    const { results, of } = await ask(
      Object.fromEntries(Object.keys(whole()).map((key) => [key, denied as never])),
    );
    expect(of('ok')).toEqual([]);
    expect(of('failed')).toEqual([]);
    expect(
      results.every(({ remedy = '' }) => remedy.includes('roles/viewer') || remedy.includes('see ')),
    ).toBe(true);
    expect(results.find(({ check }) => check === 'schedule')?.remedy).toMatch(
      /^ask for cloudscheduler\.jobs\.get in the project/,
    );
  });

  it('where an answer is not as its reference says', async () => {
    const world = {
      ...whole(),
      'GET logging /v2/projects/p/sinks/pip-sw-cluster-events': { name: 7 } as never,
    };
    const { of } = await ask(world);
    expect(of('failed')).toEqual([]);
    expect(of('unknown')).toContainEqual(
      expect.stringMatching(/log sink cluster-events: logging answers something else/),
    );
  });

  it('where the settings say nothing, and nothing of that is ok', async () => {
    const empty = Object.fromEntries(Object.keys(settings).map((name) => [name, undefined]));
    const { of } = await ask(whole(), { settings: empty });
    expect(of('unknown')).toEqual([
      expect.stringContaining('sink of project p'),
      expect.stringContaining('subscriptions'),
      expect.stringContaining('configuration'),
      expect.stringContaining('schedule'),
      expect.stringContaining('account of the inventory'),
    ]);
  });
});

it('a quota that is nearly used up is a warning, and one that was never given is none', async () => {
  const quotas = [
    { metric: 'IN_USE_ADDRESSES', limit: 8, usage: 6 },
    { metric: 'STATIC_BYOIP_ADDRESSES', limit: 0, usage: 0 },
  ];
  const { of } = await ask({ ...whole(), 'GET compute /compute/v1/projects/p/regions/r': { quotas } });
  expect(of('warning')).toEqual([expect.stringContaining('nearly used up: IN_USE_ADDRESSES 6 of 8')]);
});

it('a cluster of another project, with the network of a third, is asked for in those', async () => {
  const [cluster] = configuration.clusters;
  const clusters = [{ ...(cluster as ConfigInput['clusters'][number]), project: 'q', networkProject: 'h' }];
  const serviceAccount = 'run@p';
  const sinks = Object.fromEntries(
    ['q/cluster-events', 'q/system-events', 'q/compute-events', 'h/compute-events'].map((key) => {
      const [project, kind] = key.split('/');
      return [key, `projects/${project}/sinks/pip-sw-${kind}`];
    }),
  );
  const compute = renderComputeFilter(serviceAccount);
  const members = ['serviceAccount:run@p', 'serviceAccount:inventory@p'];
  const policy = { bindings: [{ role: 'projects/q/roles/pip_sw', members }] };
  const world: Answers = {
    ...whole(),
    ...sinkOf('cluster-events', 'cluster-events', renderSinkFilter({ clusters, serviceAccount }), 'q'),
    ...sinkOf('system-events', 'compute-events', renderSystemEventFilter(), 'q'),
    ...sinkOf('compute-events', 'compute-events', compute, 'q'),
    ...sinkOf('compute-events', 'compute-events', `${compute} severity>=ERROR`, 'h'),
    'POST cloudresourcemanager /v1/projects/q:getIamPolicy': policy,
    'GET iam /v1/projects/q/roles/pip_sw': {
      includedPermissions: [...permissions.project, ...permissions.cluster],
    },
    'POST cloudresourcemanager /v1/projects/h:getIamPolicy': { bindings: [] },
    'POST cloudresourcemanager /v1/projects/q:testIamPermissions': { permissions: [] },
    'GET compute /compute/v1/projects/q/regions/r': {
      quotas: [{ metric: 'IN_USE_ADDRESSES', limit: 69, usage: 4 }],
    },
    'GET compute /compute/v1/projects/q': { quotas: [{ metric: 'FIREWALLS', limit: 5, usage: 5 }] },
    'GET compute /compute/v1/projects/h': { quotas: [{ metric: 'FIREWALLS', limit: 5, usage: 4 }] },
  };
  const { of, results } = await ask(world, {
    config: { clusters },
    settings: { sinks, configuration: undefined },
  });
  expect(of('failed')).toEqual([
    expect.stringMatching(/^project h: log sink compute-events: the filter of projects\/h/),
    expect.stringMatching(/^project h: rights of the functions: the policy of h gives run@p no role/),
    expect.stringMatching(/^project h: rights of the inventory: the policy of h gives inventory@p no role/),
  ]);
  expect(of('warning')).toEqual([
    expect.stringContaining('FIREWALLS 4 of 5'),
    expect.stringMatching(/^project q: your rights: you lack/),
  ]);
  expect(of('unknown')).toEqual([expect.stringContaining('the settings hold no configuration')]);
  // Eventarc calls functions of its own project only.
  expect(results.filter(({ check }) => check === 'Eventarc triggers')).toEqual([]);
});
