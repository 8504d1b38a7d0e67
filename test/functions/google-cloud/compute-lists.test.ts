import { describe, expect, it } from 'vitest';
import { createComputeLists } from '../../../functions/google-cloud/compute-lists.ts';
import { type Answer, onlyPlannedAnswers, serve, type Wire } from '../wire.ts';
import { fakePace } from './pace.ts';
import { base, failureOf, refusal, tokens, urlBase } from './setup.ts';

onlyPlannedAnswers();

const lists = (answers: readonly Answer[] | ((call: Wire['calls'][number]) => Answer), more: object = {}) => {
  const pace = fakePace();
  const port = createComputeLists({ project: 'prj', region: 'reg', tokens, ...pace, ...more });
  return { port, pace, wire: serve('https://compute.googleapis.com', answers) };
};

const creationTimestamp = '2026-01-01T00:00:00.000-08:00';

const page = (items: readonly object[], nextPageToken?: string): Answer => [200, { items, nextPageToken }];

const stem = 'pip-edge-nat-0123456789ab';
const stemFilter = 'filter=name eq "pip-[a-z0-9][-a-z0-9]*-[0-9a-f]{12}"';
const partFilter = 'filter=name eq "pip-[a-z0-9][-a-z0-9]*-[0-9a-f]{12}-[0-9a-f]{8}"';
/** What a server might answer that takes no filter, or another one. */
const foreign = ['pip-edge-nat', `${stem}-01020304x`, `x${stem}`, '../../x', 'Pip-edge-nat-0123456789ab'];

describe('a list is one GET for every page, and its items become ours page by page', () => {
  it('backend services of our form of name, whichever deployment made them', async () => {
    const { port, wire } = lists([
      page(
        [
          {
            name: stem,
            fingerprint: 'f',
            description: 'd',
            loadBalancingScheme: 'INTERNAL',
            creationTimestamp,
          },
        ],
        'p2',
      ),
      page([...foreign.map((name) => ({ name })), { name: 'pip-b-c-00000000000f', fingerprint: 'g' }]),
    ]);
    const plain = { scheme: 'EXTERNAL', network: '', backends: [] };
    expect(await port.backendServices()).toEqual([
      {
        ...plain,
        name: stem,
        fingerprint: 'f',
        description: 'd',
        scheme: 'INTERNAL',
        created: creationTimestamp,
      },
      { ...plain, name: 'pip-b-c-00000000000f', fingerprint: 'g', description: '', created: '' },
    ]);
    const first = `GET ${base}/regions/reg/backendServices?${stemFilter}`;
    expect(wire.lines()).toEqual([first, `${first}&pageToken=p2`]);
  });

  it('forwarding rules, whoever made them', async () => {
    const { port, wire } = lists([page([{ name: 'a', IPAddress: '1.2.3.4' }], 'p2'), page([{ name: 'b' }])]);
    expect((await port.forwardingRules()).map(({ name, ip }) => ({ name, ip }))).toEqual([
      { name: 'a', ip: '1.2.3.4' },
      { name: 'b', ip: '' },
    ]);
    const first = `GET ${base}/regions/reg/forwardingRules`;
    expect(wire.lines()).toEqual([first, `${first}?pageToken=p2`]);
  });

  it('firewall rules of the project that the network is of', async () => {
    const { port, wire } = lists([page([{ name: stem, description: 'd' }, { name: 'default-allow' }])], {
      networkProject: 'host',
    });
    expect((await port.firewalls()).map(({ name, description }) => ({ name, description }))).toEqual([
      { name: stem, description: 'd' },
    ]);
    expect(wire.lines()).toEqual([`GET /compute/v1/projects/host/global/firewalls?${stemFilter}`]);
  });

  it('NEGs of a zone with their number of endpoints, and none of their endpoints', async () => {
    const neg = {
      name: `${stem}-01020304`,
      zone: `${urlBase}/zones/another`,
      size: 2,
      network: `${urlBase}/global/networks/vpc`,
      subnetwork: `${urlBase}/regions/reg/subnetworks/sub`,
      annotations: { 'persistent-ip-owner': 'rec' },
    };
    const { port, wire } = lists([page([neg, { name: stem }, { name: `${stem}-0000000f` }])]);
    expect(await port.negs('reg-a')).toEqual([
      {
        name: neg.name,
        zone: 'reg-a',
        size: 2,
        network: 'vpc',
        subnetwork: 'sub',
        owner: 'rec',
        created: '',
      },
      {
        name: `${stem}-0000000f`,
        zone: 'reg-a',
        size: 0,
        network: '',
        subnetwork: '',
        owner: undefined,
        created: '',
      },
    ]);
    expect(wire.lines()).toEqual([`GET ${base}/zones/reg-a/networkEndpointGroups?${partFilter}`]);
  });

  it('endpoints of one NEG, and none of one that is gone', async () => {
    const { port, wire } = lists([
      page([{ networkEndpoint: { instance: `${urlBase}/zones/reg-a/instances/vm-1` } }]),
      refusal(404, 'notFound'),
    ]);
    const neg = { zone: 'reg-a', name: `${stem}-01020304` };
    expect(await port.endpoints(neg)).toEqual(['vm-1']);
    expect(await port.endpoints(neg)).toEqual([]);
    const line = `POST ${base}/zones/reg-a/networkEndpointGroups/${neg.name}/listNetworkEndpoints`;
    expect(wire.lines()).toEqual([line, line]);
  });

  it('the VMs of a zone in the words of one VM', async () => {
    const nic = { subnetwork: `${urlBase}/regions/reg/subnetworks/sub` };
    const { port, wire } = lists([
      page([{ name: 'vm-1', status: 'RUNNING', networkInterfaces: [nic] }], 'p2'),
      page([
        { name: 'vm-2', status: 'STOPPING', networkInterfaces: [nic] },
        { name: 'vm-3', status: 'REPAIRING' },
      ]),
    ]);
    expect([...(await port.vms('reg-a'))]).toEqual([
      ['vm-1', { state: 'running', subnetworks: ['sub'] }],
      ['vm-2', { state: 'gone', subnetworks: [] }],
      ['vm-3', { state: 'running', subnetworks: [] }],
    ]);
    const first = `GET ${base}/zones/reg-a/instances`;
    expect(wire.lines()).toEqual([first, `${first}?pageToken=p2`]);
  });
});

describe('a list that is not whole is none', () => {
  it('when a page is refused for good, it rejects', async () => {
    const { port } = lists([page([{ name: 'vm-1', status: 'RUNNING' }], 'p2'), refusal(403, 'forbidden')]);
    expect(await failureOf(port.vms('reg-a'))).toMatchObject({ kind: 'user', status: 403 });
  });

  it('a page is asked for again after a transient error, and the ones before it are not', async () => {
    const { port, wire, pace } = lists([
      page([{ name: 'a' }], 'p2'),
      refusal(503, 'backendError'),
      'broken',
      page([{ name: 'b' }]),
    ]);
    expect((await port.forwardingRules()).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(wire.lines().filter((line) => line.includes('pageToken=p2'))).toHaveLength(3);
    expect(pace.naps).toEqual([100, 200]);
  });

  it('when it names the same page for ever, it rejects', async () => {
    const { port, wire } = lists(() => page([{ name: 'a' }], 'same'));
    expect(await failureOf(port.forwardingRules())).toMatchObject({ kind: 'retry', code: 'EndlessList' });
    expect(wire.calls).toHaveLength(2);
  });

  it('each page waits for its turn', async () => {
    let turns = 0;
    const turn = () => {
      turns += 1;
      return Promise.resolve();
    };
    const { port } = lists([page([{ name: 'a' }], 'p2'), page([{ name: 'b' }])], { turn });
    await port.forwardingRules();
    expect(turns).toBe(2);
  });
});
