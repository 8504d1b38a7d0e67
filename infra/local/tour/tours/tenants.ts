import type { Tour } from '../tour.ts';

const checkout = ['checkout', 'partners'] as const;
const webshop = ['webshop', 'partners'] as const;

export const tenants: Tour = {
  name: 'tenants',
  about: "listeners and namespaces: a platform team's pool, a team that may use it and one that may not",
  steps: [
    {
      title:
        'One pool, whose listener admits namespaces of the payments team, and a route in each of two namespaces',
      run: async (guide) => {
        await guide.applyManifest('tenants');
        guide.show(await guide.ready(...checkout));
        const refused = await guide.reason(...webshop, 'Accepted', 'Unattachable');
        guide.show(refused);
        guide.expect(refused.pod === undefined, 'a namespace that no listener admits holds no address');
      },
    },
    {
      title: 'kubectl label namespace webshop team=payments: its route attaches, though nobody touched it',
      run: async (guide) => {
        await guide.labelNamespace('webshop', { team: 'payments' });
        guide.show(await guide.ready(...webshop));
      },
    },
    {
      title:
        'kubectl label namespace webshop team-: the address is taken back, and the neighbour keeps its own',
      run: async (guide) => {
        const neighbour = await guide.ready(...checkout);
        await guide.labelNamespace('webshop', { team: null });
        const refused = await guide.reason(...webshop, 'GCPReady', 'GCPNotReady');
        guide.show(refused);
        guide.expect(refused.pod === undefined, 'the namespace holds no address any more');
        guide.expect(
          (await guide.ready(...checkout)).pod === neighbour.pod,
          'the neighbour still holds its own',
        );
      },
    },
  ],
};
