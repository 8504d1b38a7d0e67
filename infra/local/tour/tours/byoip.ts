import type { Tour } from '../tour.ts';

const route = ['partners', 'exchange'] as const;

export const byoip: Tour = {
  name: 'byoip',
  about:
    'your own addresses: a block of a public delegated prefix as a pool, and one reserved from it for you',
  steps: [
    {
      title: 'Bring 192.0.2.0/24, reserve three addresses of it, apply samples/byoip-pool.yaml',
      run: async (guide) => {
        guide.bring('own', '192.0.2.0/24', 3);
        await guide.applyAsItIs('byoip-pool');
        const ready = await guide.ready(...route);
        guide.show(ready);
        const pool = await guide.pool('partners', 'own-pool');
        guide.note(`the pool holds ${pool.join(', ')}: what is reserved of the block, and nothing else`);
        guide.expect(pool.length === 3, 'every reserved address of the block belongs to the pool');
        const { pod } = await guide.packetTo('192.0.2.1');
        guide.expect(pod === `partners/${ready.pod}`, 'packets for 192.0.2.1 arrive at the Pod');
      },
    },
    {
      title: 'A Gateway that names the prefix and no address: one is reserved for it',
      run: async (guide) => {
        await guide.applyManifest('byoip-reserve');
        const [address = ''] = await guide.pool('partners', 'reserved-for-you', 1);
        guide.note(`status.addresses says which: ${address}`);
        guide.expect(address.startsWith('192.0.2.'), 'it is one of the prefix');
        guide.expect((await guide.count('addresses')) === 4, 'a fourth address of the prefix is reserved');
      },
    },
    {
      title: 'kubectl delete gateway: what was reserved for it is released, your own reservations stay',
      run: async (guide) => {
        await guide.deleteGateway('partners', 'reserved-for-you');
        guide.expect((await guide.count('addresses')) === 3, 'your three reservations are still there');
        guide.show(await guide.ready(...route));
      },
    },
  ],
};
