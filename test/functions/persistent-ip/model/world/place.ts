import { address, condition, gatewayClass, metadata, namespace, node, pod } from '../../../fixtures.ts';
import type { World } from '../../../world.ts';
import { type Cluster, keyOf, secondVpc } from '../cluster.ts';
import { placeGateways, placeRoutes, placeStrangers } from './place-routes.ts';
import { time } from './time.ts';

/**
 * Puts a cluster as the model knows it into a world of the project's own objects, as its users and controllers would:
 * specs and metadata are replaced, statuses, finalizers of ours and what is in Google Cloud stay as they are.
 */

export const place = (world: World, cluster: Cluster): void => {
  world.classes.length = 0;
  for (const { name, controller, scheme } of cluster.classes)
    world.classes.push(
      gatewayClass({
        metadata: metadata(name, {
          namespace: '',
          annotations: scheme === undefined ? {} : { 'persistent-ip.dev/scheme': scheme },
        }),
        controllerName: controller,
      }),
    );
  world.namespaces.clear();
  for (const { name, labels } of cluster.namespaces) world.namespaces.set(name, namespace(name, labels));
  placeNetworks(world, cluster);
  placeNodesAndPods(world, cluster);
  const ours = world.reserved.filter(({ description }) => description !== '');
  world.reserved.splice(0, world.reserved.length, ...ours);
  for (const { name, ip, scheme } of cluster.reserved)
    world.reserved.push(
      address(ip, {
        name,
        ...(scheme === 'INTERNAL' ? { scheme, subnetwork: 'default', purpose: 'GCE_ENDPOINT' } : {}),
      }),
    );
  placeGateways(world, cluster);
  placeRoutes(world, cluster);
  placeStrangers(world, cluster);
};

const placeNetworks = (world: World, cluster: Cluster): void => {
  world.networks.splice(
    0,
    world.networks.length,
    ...cluster.networks.map(({ name, ready, type, paramSet }) => ({
      metadata: metadata(name, { namespace: '' }),
      type,
      paramSet,
      conditions: ready === undefined ? [] : [{ ...condition('Ready', 'True', 'Ready'), status: ready }],
    })),
  );
  world.paramSets.splice(
    0,
    world.paramSets.length,
    ...cluster.paramSets.map(({ name, vpc, subnet }) => ({
      metadata: metadata(name, { namespace: '' }),
      vpc,
      vpcSubnet: subnet,
    })),
  );
};

const placeNodesAndPods = (world: World, cluster: Cluster): void => {
  world.nodes.clear();
  world.vms.clear();
  for (const { name, zone, ready, vm } of cluster.nodes) {
    // Every VM has a NIC in the second VPC: which Nodes lack one is a question for the rules' own tests.
    world.nodes.set(
      name,
      node(name, zone, { ready, networks: cluster.networks.map((network) => network.name) }),
    );
    world.vms.set(`${zone}/${name}`, vm);
    world.nics.set(`${zone}/${name}`, ['default', secondVpc.subnet]);
  }
  world.pods.clear();
  for (const one of cluster.pods) {
    const {
      nodeName: _,
      podIP: __,
      ...placed
    } = pod(one.name, {
      hostNetwork: one.hostNetwork,
      networks: one.networks,
      phase: one.phase,
      ready: one.ready,
      metadata: {
        namespace: one.namespace,
        uid: one.uid,
        labels: one.labels,
        creationTimestamp: time(one.created),
        ...(one.terminating ? { deletionTimestamp: time(one.created + 1000) } : {}),
      },
    });
    world.pods.set(keyOf(one), {
      ...placed,
      ...(one.node === undefined ? {} : { nodeName: one.node }),
      ...(one.ip === undefined ? {} : { podIP: one.ip }),
    });
  }
};
