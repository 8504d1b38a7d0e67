import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { message } from '../../../../../infra/local/events.ts';
import { clusterSink, deployer, topics } from '../../../../../infra/local/site.ts';
import { Stage } from '../../../../scenarios/stage.ts';
import { openShell, type Shell } from '../shell.ts';
import { askDoctor, linesOf } from './ask.ts';

/**
 * `persistent-ip doctor` on the local cloud, as after `npm start`: it says what is there, and of a world that is broken
 * the broken line and no other.
 */

let stage: Stage;
let shell: Shell;

beforeEach(async () => {
  stage = await Stage.open({ nodes: 1, sweepMs: 600_000 });
  shell = await openShell(stage.cloud);
});
afterEach(async () => {
  shell.close();
  await stage.close();
});

const doctor = async () => {
  const { code, checks, summary } = await askDoctor(shell.env);
  const of = (status: string) =>
    linesOf(checks, status).map(({ subject, check, found }) => `${subject}: ${check}: ${found}`);
  return { code, summary, red: of('failed'), unknown: of('unknown'), skipped: of('skipped') };
};

const onlyRed = async (line: RegExp): Promise<void> => {
  const { red, code } = await doctor();
  expect(red).toEqual([expect.stringMatching(line)]);
  expect(code).toBe(6);
};

/** A call as the deployer makes it. */
const call = async (method: string, url: string, body?: object): Promise<Record<string, unknown>> => {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${stage.cloud.identities.tokenOf(deployer)}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
};

/** The subscription of requests, made anew with something else about it. */
const requestsWith = async (change: object): Promise<void> => {
  const { pubsub, subscriptions } = stage.cloud;
  const url = `${pubsub.url}/v1/${subscriptions.requests}`;
  const { name: _, state: __, ...settings } = await call('GET', url);
  await call('DELETE', url);
  await call('PUT', url, { ...settings, ...change });
};

it('says what is well, and of what this cloud has not that it has it not', async () => {
  const { code, red, unknown, skipped, summary } = await doctor();
  expect({ code, red, unknown }).toEqual({ code: 0, red: [], unknown: [] });
  expect(summary).toMatchObject({ failed: 0, unknown: 0, skipped: skipped.length });
  const notHere = skipped.filter(
    (line) => !/not on this cloud|no route to tell|nothing was pushed/.test(line),
  );
  expect(notHere).toEqual([]);
});

describe('the line is red of', () => {
  it('a sink whose filter somebody has edited, and one that is gone', async () => {
    const url = `${stage.cloud.logging.url}/v2/${clusterSink}`;
    await call('PATCH', `${url}?updateMask=filter`, { filter: 'resource.type="k8s_cluster"' });
    await onlyRed(/log sink cluster-events: the filter of .* is not this version’s .*: line 1 is/);
    await call('DELETE', url);
    await onlyRed(/log sink cluster-events: there is no sink/);
  });

  it('a queue without order, and one without a dead-letter topic', async () => {
    await requestsWith({ enableMessageOrdering: false });
    await onlyRed(/queue requests: subscription: .* keeps no order/);
    await requestsWith({ enableMessageOrdering: true, deadLetterPolicy: undefined });
    await onlyRed(/queue requests: subscription: .* has no dead-letter topic/);
  });

  it('a dead letter that waits', async () => {
    stage.cloud.pubsub.publish(`${topics.requests}-dead-letters`, [message('dead')]);
    await onlyRed(/queue requests: dead letters: 1 dead letter waits/);
  });

  it('a schedule that is paused, and no longer when it is resumed', async () => {
    const job = `${stage.cloud.management}/v1/projects/${stage.cloud.project}/locations/${stage.cloud.region}/jobs/persistent-ip-sweep`;
    await call('POST', `${job}:pause`, {});
    await onlyRed(/schedule: .* is PAUSED/);
    await call('POST', `${job}:resume`, {});
    expect((await doctor()).red).toEqual([]);
  });

  it('a trigger that is gone', async () => {
    const triggers = `${stage.cloud.management}/v1/projects/${stage.cloud.project}/locations/global/triggers`;
    const { triggers: all } = (await call('GET', triggers)) as { triggers: readonly { name: string }[] };
    await call('DELETE', `${stage.cloud.management}/v1/${all[0]?.name}`);
    await onlyRed(/Eventarc triggers: no Eventarc trigger tells .* of v1\.compute\.instances\.delete/);
  });

  it('functions that nobody serves', async () => {
    await stage.rest();
    await stage.cloud.deployment.close();
    await onlyRed(/functions: persistent-ip-on-cluster-event is FAILED: nothing serves/);
  });
});
