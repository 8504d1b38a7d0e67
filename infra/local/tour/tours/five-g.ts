import type { Tour } from '../tour.ts';

const first = ['packet-core', 'core-0'] as const;
const second = ['packet-core', 'core-1'] as const;

export const fiveG: Tour = {
  name: 'five-g',
  about: 'a packet core: a dedicated internal pool of 16 addresses, eight for each member of a StatefulSet',
  steps: [
    {
      title:
        'Reserve 10.128.8.0/28 and apply samples/internal-pool.yaml: each member gets its eight addresses',
      run: async (guide) => {
        await guide.apply('internal-pool');
        guide.show(await guide.ready(...first));
        guide.show(await guide.ready(...second));
        guide.expect((await guide.count('forwardingRules')) === 16, 'each of the 16 has a forwarding rule');
        const { pod } = await guide.packetTo('10.128.8.7');
        guide.expect(pod === 'packet-core/core-0', 'packets for 10.128.8.7 arrive at core-0');
      },
    },
    {
      title: 'kubectl delete pod core-0: its successor has the same name and is another holder',
      run: async (guide) => {
        const before = guide.holderOf('core-0');
        await guide.deletePod('packet-core', 'core-0');
        await guide.heldAnew(...first, before);
        guide.show(await guide.ready(...first));
        guide.expect(guide.holderOf('core-0') !== before, 'the audit log tells the two by their uids');
      },
    },
    {
      title: 'kubectl cordon and delete pod core-1: it comes up on another node, and eight addresses follow',
      run: async (guide) => {
        const before = await guide.ready(...second);
        const holder = guide.holderOf('core-1');
        await guide.cordon(before.node);
        await guide.deletePod('packet-core', 'core-1');
        await guide.heldAnew(...second, holder);
        const after = await guide.ready(...second);
        guide.show(after);
        guide.expect(after.node !== before.node, 'core-1 is on another node');
        const { node } = await guide.packetTo('10.128.8.8');
        guide.expect(node === after.node, 'Google Cloud sends the packets there');
      },
    },
  ],
};
