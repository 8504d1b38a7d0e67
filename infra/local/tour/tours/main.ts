import type { Tour } from '../tour.ts';

const nat = ['edge', 'nat'] as const;
const partners = ['partners', 'partner-gateway'] as const;

/** The main job from beginning to end, as a user would do it. */
export const main: Tour = {
  name: 'main',
  about: 'allocate, roll out, lose a VM, release: 17 external addresses on two Deployments (the default)',
  steps: [
    {
      title:
        'Reserve addresses, apply samples/nat-pod.yaml and samples/deployment.yaml: addresses are allocated',
      run: async (guide) => {
        const reserved = (await guide.apply('nat-pod')) + (await guide.apply('deployment'));
        guide.show(await guide.ready(...nat));
        guide.show(await guide.ready(...partners));
        guide.expect(
          (await guide.count('forwardingRules')) === reserved,
          `each of the ${reserved} addresses has its forwarding rule`,
        );
      },
    },
    {
      title:
        'kubectl rollout restart: new Pods become Ready on other nodes, and sixteen addresses move with one PATCH',
      run: async (guide) => {
        const before = await guide.ready(...partners);
        await guide.restart('partners', 'partner-gateway');
        const moved = await guide.readyElsewhere(before);
        guide.show(moved);
        await guide.rolledOut('partners', 'partner-gateway');
        const settled = await guide.ready(...partners);
        if (settled.pod !== moved.pod) guide.show(settled);
        guide.expect(settled.pod !== before.pod, 'a new Pod holds the addresses');
      },
    },
    {
      title:
        'The VM under the holder is deleted: Compute says so first, and the addresses move before Kubernetes knows',
      run: async (guide) => {
        const before = await guide.ready(...partners);
        await guide.deleteVm(before);
        const moved = await guide.readyElsewhere(before);
        guide.show(moved);
        guide.expect(moved.node !== before.node, 'the node of another Pod is the leader');
        guide.expect(
          await guide.nodeLooksReady(before.node),
          'Kubernetes still shows the lost node as Ready',
        );
      },
    },
    {
      title: 'kubectl delete gkeiproute: everything in Google Cloud is released, the reserved addresses stay',
      run: async (guide) => {
        await guide.deleteRoute(...partners);
        guide.expect(
          (await guide.count('forwardingRules')) === 1,
          'no forwarding rule of the deleted route is left',
        );
        guide.expect((await guide.count('addresses')) === 17, 'the reservations are still there');
      },
    },
  ],
};
