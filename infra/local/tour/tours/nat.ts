import type { Tour } from '../tour.ts';

const route = ['edge', 'nat'] as const;
const address = '34.123.10.1';

export const nat: Tour = {
  name: 'nat',
  about: 'an external NAT Pod: what reaches its address, what leaves from it, and what a restart does',
  steps: [
    {
      title: 'Reserve an address and apply samples/nat-pod.yaml: the Pod gets the address',
      run: async (guide) => {
        await guide.apply('nat-pod');
        const ready = await guide.ready(...route);
        guide.show(ready);
        const { node, pod } = await guide.packetTo(address);
        guide.expect(node === ready.node, `Google Cloud sends packets for ${address} to the holder's node`);
        guide.expect(
          pod === `edge/${ready.pod}`,
          'the agent there hands them to the Pod itself, without NAT',
        );
      },
    },
    {
      title: 'Who may reach it: one firewall rule, for NetworkPolicy does not apply to a persistent address',
      run: async (guide) => {
        const opened = await guide.openTo(address);
        guide.note(`ingress to ${address}/32 from ${opened.join(', ')}, as the Gateway's annotation says`);
        guide.expect(opened.join() === '198.51.100.0/24', 'nobody else can reach the Pod at this address');
        guide.note(
          'egress: the container adds the address to eth0 (ip addr add, NET_ADMIN) and binds to it;',
        );
        guide.note('what it sends from there leaves under that address, whichever node it is on');
      },
    },
    {
      title: 'kubectl delete pod: its successor gets the address',
      run: async (guide) => {
        const before = await guide.ready(...route);
        await guide.deletePod('edge', before.pod);
        const moved = await guide.readyElsewhere(before);
        guide.show(moved);
        const { pod } = await guide.packetTo(address);
        guide.expect(pod === `edge/${moved.pod}`, 'packets arrive at the new Pod');
      },
    },
  ],
};
