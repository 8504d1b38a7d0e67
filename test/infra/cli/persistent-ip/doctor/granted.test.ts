import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { clusterChecks } from '../../../../../infra/cli/persistent-ip/doctor/cluster/checks.ts';
import type { Check } from '../../../../../infra/cli/persistent-ip/doctor/finding.ts';
import { googleChecks } from '../../../../../infra/cli/persistent-ip/doctor/google/checks.ts';
import type { ClusterGround } from '../../../../../infra/cli/persistent-ip/doctor/ground.ts';
import { runChecks } from '../../../../../infra/cli/persistent-ip/doctor/run-checks.ts';
import { config, type Grant, googleWith, grants, settings } from './granted.ts';

/**
 * What doctor asks for is what is granted: not more, or a whole installation would be red, and not less, or a right that
 * is taken away would be told by nobody.
 */

const ground = { config, settings, now: () => new Date('2026-11-25T12:00:00Z') };
const aboutRights = /^rights of |^publisher |^writer |^way of dead letters$/;
const ofRights = ({ name }: Pick<Check, 'name'>): boolean => aboutRights.test(name);

const look = async (granted: readonly Grant[]) => {
  const checks = googleChecks(ground, googleWith(granted), config.clusters).filter(ofRights);
  const results = await runChecks(checks, { limitMs: 5_000 });
  return results.map(({ subject, check, status, found }) => ({
    line: `${subject}: ${check}`,
    status,
    found,
  }));
};
const red = async (granted: readonly Grant[]) =>
  (await look(granted)).filter(({ status }) => status !== 'ok').map(({ line, found }) => `${line}: ${found}`);

/** Doctor looks at what runs. A build that may not do something fails by itself, and the functions' line says so. */
const builds = ({ member }: Grant): boolean => member.startsWith('serviceAccount:persistent-ip-build@');
const asked = grants.filter((grant) => !builds(grant));
const titleOf = ({ role, permissions, member, on }: Grant): string =>
  `${role || `${permissions.length} permissions`} of ${member.split('@')[0]} on ${on}`;

describe('of Google Cloud, as Terraform grants it', () => {
  it('doctor misses nothing where all is granted, of the clusters’ projects, the host’s and its own', async () => {
    const lines = await look(asked);
    expect(lines.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(new Set(lines.map(({ line }) => line))).toEqual(
      new Set([
        ...['my-project', 'team-project', 'host-project'].flatMap((project) =>
          ['functions', 'inventory'].map((who) => `project ${project}: rights of the ${who}`),
        ),
        'project my-project: rights of pushes',
        'project my-project: publisher of requests',
        'project my-project: writer of log sink cluster-events',
        'project my-project: writer of log sink system-events',
        ...['cluster-events', 'compute-events', 'requests', 'sweeps'].map(
          (queue) => `queue ${queue}: way of dead letters`,
        ),
      ]),
    );
  });

  it.each(asked.filter(({ role }) => role !== '').map((grant) => [titleOf(grant), grant] as const))(
    'doctor misses %s',
    async (_, grant) => {
      const [line, ...others] = await red(asked.filter((one) => one !== grant));
      expect(others).toEqual([]);
      expect(line).toContain('may not');
    },
  );

  it.each(asked.filter(({ role }) => role === '').map((grant) => [titleOf(grant), grant] as const))(
    'doctor misses each of the %s',
    async (_, grant) => {
      expect(grant.permissions.length).toBeGreaterThan(0);
      for (const permission of grant.permissions) {
        const less = { ...grant, permissions: grant.permissions.filter((one) => one !== permission) };
        const lines = await red(asked.map((one) => (one === grant ? less : one)));
        expect(lines).toEqual([expect.stringMatching(new RegExp(`no role with ${permission}$`))]);
      }
    },
  );
});

describe('of a cluster, as its RBAC grants it', () => {
  const granted = (path: string): readonly string[] => {
    const text = readFileSync(new URL(`../../../../../infra/kubernetes/${path}`, import.meta.url), 'utf8');
    const roles = parseAllDocuments(text).map(
      (document) => document.toJS() as { kind: string; rules?: Rule[] },
    );
    return roles
      .filter(({ kind }) => kind === 'ClusterRole')
      .flatMap(({ rules = [] }) => rules)
      .flatMap(({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
        ),
      );
  };
  interface Rule {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }
  interface Review {
    readonly spec: {
      readonly user: string;
      readonly resourceAttributes: Readonly<Record<'group' | 'resource' | 'subresource' | 'verb', string>>;
    };
  }

  it.each([
    ['functions', 'rbac.yaml', config.serviceAccount],
    ['inventory', 'components/inventory/rbac.yaml', settings.inventory_service_account],
  ])('doctor asks for each right of the %s, and for no other', async (who, path, email) => {
    const reviews: Review[] = [];
    const api = {
      post: (_: string, body: object) => {
        reviews.push(body as Review);
        return Promise.resolve({ status: { allowed: true } });
      },
    };
    const caller = () => Promise.resolve({ name: 'somebody', groups: [] });
    const cluster = { ...ground, cluster: config.clusters[0], api, caller } as unknown as ClusterGround;
    const check = clusterChecks(cluster).find(({ name }) => name === `rights of the ${who}`);
    expect(await check?.look(AbortSignal.timeout(5_000))).toMatchObject({ status: 'ok' });
    const asks = reviews.map(({ spec: { user, resourceAttributes: of } }) => {
      expect(user).toBe(email);
      return `${of.verb} ${of.group}/${of.resource}${of.subresource === '' ? '' : `/${of.subresource}`}`;
    });
    expect(asks.toSorted()).toEqual(granted(path).toSorted());
    expect(asks.length).toBeGreaterThan(5);
  });
});
