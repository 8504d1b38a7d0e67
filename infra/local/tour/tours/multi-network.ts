import type { Tour } from '../tour.ts';

const upf = ['packet-core', 'upf'] as const;
const nat = ['edge', 'nat'] as const;

export const multiNetwork: Tour = {
  name: 'multi-network',
  about:
    "a second network: traffic arrives at the nodes' other interface, and what happens when the Network goes",
  steps: [
    {
      title: 'Apply samples/multi-network.yaml and samples/nat-pod.yaml: one route on each network',
      run: async (guide) => {
        await guide.apply('multi-network');
        await guide.apply('nat-pod');
        const ready = await guide.ready(...upf);
        guide.show(ready);
        guide.show(await guide.ready(...nat));
        const networks = await guide.firewallNetworks();
        guide.expect(
          networks.includes('dataplane-vpc') && networks.includes('default'),
          'each has its firewall rule in the VPC that its traffic arrives in',
        );
        const { pod, podIP } = await guide.packetTo('34.123.30.1');
        guide.expect(pod === `packet-core/${ready.pod}`, 'packets for 34.123.30.1 arrive at the Pod');
        guide.note(`at its interface on the second network, ${podIP}`);
      },
    },
    {
      title: 'kubectl delete network dataplane: its route is paused before an agent can stumble over it',
      run: async (guide) => {
        const neighbour = await guide.ready(...nat);
        await guide.deleteNetwork('dataplane');
        guide.show(await guide.reason(...upf, 'Accepted', 'NetworkNotFound'));
        guide.expect((await guide.count('forwardingRules')) === 2, 'nothing is released: it can come back');
        guide.expect(
          (await guide.ready(...nat)).pod === neighbour.pod,
          'the other route is served as before',
        );
      },
    },
    {
      title: 'The Network is made again: the route is back, though nobody touched it',
      run: async (guide) => {
        await guide.applyManifest('network-again');
        guide.show(await guide.ready(...upf));
      },
    },
  ],
};
