import type { Tour } from '../tour.ts';

const first = ['contest', 'first'] as const;
const second = ['contest', 'second'] as const;

export const conflict: Tour = {
  name: 'conflict',
  about: 'two routes claim one address: the older keeps it, the other is told, waits, and gets it in the end',
  steps: [
    {
      title: 'The first route claims a block of two addresses of the pool and gets both',
      run: async (guide) => {
        await guide.applyManifest('conflict');
        guide.show(await guide.ready(...first));
      },
    },
    {
      title: 'The second claims one of them: it is refused in words that name the winner, and nothing moves',
      run: async (guide) => {
        const holder = await guide.ready(...first);
        await guide.applyManifest('conflict-second');
        const refused = await guide.reason(...second, 'Accepted', 'InvalidAddresses');
        guide.show(refused);
        const now = await guide.ready(...first);
        guide.expect(now.pod === holder.pod, 'the older route still holds both addresses');
        guide.expect(refused.pod === undefined, 'the younger one holds nothing');
      },
    },
    {
      title: 'The first route is deleted: the waiting one gets the address without anyone touching it',
      run: async (guide) => {
        await guide.deleteRoute(...first);
        const ready = await guide.ready(...second);
        guide.show(ready);
        const { pod } = await guide.packetTo('34.123.40.1');
        guide.expect(pod === `contest/${ready.pod}`, 'packets for 34.123.40.1 arrive at the second Pod');
      },
    },
  ],
};
