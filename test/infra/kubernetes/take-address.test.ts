import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { manifest } from '../local/kubernetes/api.ts';

/**
 * The samples' scripts in network namespaces of their own: one is the Pod, the other its node and the world behind it,
 * where a server says from which address it was called.
 */

interface Workload {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly env: readonly { readonly name: string; readonly value?: string }[];
        }[];
      };
    };
  };
}

const sample = (name: string) => {
  const objects = parseAllDocuments(readFileSync(manifest(`samples/${name}.yaml`), 'utf8')).map(
    (document) => document.toJS() as Workload,
  );
  const container = objects.find(({ kind }) => kind === 'Deployment')!.spec.template.spec.containers[0]!;
  return {
    command: container.command,
    address: container.env.find(({ name: key }) => key === 'PERSISTENT_IP')!.value!,
  };
};

const world = '203.0.113.9';
const service = '34.118.224.10';
const otherPod = '10.4.7.7';

/** Answers each connection with the address that it comes from. */
const server = `require('net').createServer((s) => s.end(s.remoteAddress)).listen(80, '0.0.0.0', () => console.log('up'))`;

/** Connects to each address, from another one where it is given as FROM>TO, and prints who it was taken for. */
const client = `
  const ask = (to) => new Promise((resolve) => {
    const [from, host] = to.includes('>') ? to.split('>') : [undefined, to];
    require('net').connect({ host, port: 80, localAddress: from }).on('data', (d) => resolve(String(d))).on('error', (e) => resolve(e.code)).setTimeout(3000, () => resolve('no answer'));
  });
  (async () => { for (const to of process.argv.slice(1)) console.log(await ask(to)); })();
`;

/** eth0 and eth1, each to a node that is the gateway to everything else. Its processes die with it: a PID namespace. */
const stage = `
  there=$(mktemp -d)
  trap 'rm -r $there' EXIT
  mkfifo $there/node $there/server
  unshare -n sh -c 'echo up; exec sleep 60' > $there/node & node=$!
  read -r up < $there/node
  on_node() { nsenter -t $node -n "$@"; }
  ip link set lo up
  on_node ip link set lo up
  for ip in ${world} ${service} ${otherPod}; do on_node ip addr add $ip/32 dev lo; done
  for i in 0 1; do
    ip link add eth$i type veth peer name up$i
    ip link set up$i netns $node
    ip addr add 10.$((4 + i)).0.5/24 dev eth$i
    ip link set eth$i up
    on_node ip addr add 10.$((4 + i)).0.1/24 dev up$i
    on_node ip link set up$i up
  done
  ip route add default via 10.4.0.1
  ip route add 172.16.0.0/20 via 10.5.0.1 dev eth1
  on_node ip route add "$PERSISTENT_IP/32" dev "$ARRIVES"
  on_node "$NODE" -e "$SERVER" > $there/server &
  read -r up < $there/server
  "$@"
`;

const isolated = (...command: readonly string[]): readonly string[] => [
  '-Urnpf',
  '--mount-proc',
  '--kill-child',
  ...command,
];
const why = (() => {
  const { status, error, stderr } = spawnSync(
    'unshare',
    isolated('ip', 'link', 'add', 'eth0', 'type', 'veth'),
    {
      encoding: 'utf8',
    },
  );
  return status === 0 ? undefined : `no network namespaces here: ${error?.message ?? stderr.trim()}`;
})();
if (why !== undefined) process.stderr.write(`skipped: the samples' scripts are not run (${why})\n`);

/** Whom each of `calls` is taken for, by a container that has been started `starts` times. */
const called = (name: string, calls: readonly string[], { arrives = 'up0', starts = 1 } = {}) => {
  const { command, address } = sample(name);
  const [, ...script] = command;
  const again = Array.from({ length: starts - 1 }, () => ['sh', ...script]).flat();
  const run = [
    'sh',
    '-euc',
    stage,
    'stage',
    ...again,
    'sh',
    ...script,
    process.execPath,
    '-e',
    client,
    ...calls,
  ];
  const env = {
    ...process.env,
    PERSISTENT_IP: address,
    POD_IP: '10.4.0.5',
    ARRIVES: arrives,
    NODE: process.execPath,
    SERVER: server,
  };
  return execFileSync('unshare', isolated(...run), { env, encoding: 'utf8', timeout: 20_000 })
    .trim()
    .split('\n');
};

describe.skipIf(why !== undefined)('the NAT Pod', () => {
  const { address } = sample('nat-pod');

  it('is its persistent IP to the world, and its own IP to Services and Pods', () => {
    expect(called('nat-pod', [world, service, otherPod])).toEqual([address, '10.4.0.5', '10.4.0.5']);
  });

  it('is so again when its container starts again', () => {
    expect(called('nat-pod', [world], { starts: 2 })).toEqual([address]);
  });
});

describe.skipIf(why !== undefined)('the Pod of a second network', () => {
  const { address } = sample('multi-network');

  it('sends from its persistent IP by its second interface, and everything else as before', () => {
    expect(called('multi-network', [`${address}>${world}`, world], { arrives: 'up1', starts: 2 })).toEqual([
      address,
      '10.4.0.5',
    ]);
  });
});
