import { type Machinery, serviceAccount } from './machinery.ts';
import { type Condition, conditionOf, type KubeObject, timestamp } from './objects.ts';
import { reflect } from './reflector.ts';
import { networkParamSets, networks } from './resources.ts';

interface Network extends KubeObject {
  readonly spec: { readonly parametersRef?: { readonly name: string } };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/**
 * GKE's controller of Networks, as far as others see it: a Network is Ready while the parameter set that it names
 * exists. The reasons of `ParamsReady` are GKE's (`GNPNetworkParamsReadyConditionReason`).
 */
export const startNetworkController = (machinery: Machinery): void => {
  const { clock, signal } = machinery;
  const api = machinery.as(serviceAccount('network-controller'));
  const view = reflect<Network>({ api, resource: networks, clock, signal });
  const paramSets = reflect<KubeObject>({ api, resource: networkParamSets, clock, signal });
  const worker = machinery.worker('network-controller', async (name) => {
    await Promise.all([view.synced, paramSets.synced]);
    const network = view.get(name);
    if (network === undefined) return;
    const named = network.spec.parametersRef?.name ?? '';
    const there = paramSets.get(named) !== undefined;
    const status = there ? 'True' : 'False';
    if (conditionOf(network.status, 'Ready')?.status === status) return;
    const common = {
      status,
      message: there ? '' : `GKENetworkParamSet "${named}" does not exist`,
      lastTransitionTime: timestamp(clock.now()),
    } as const;
    const conditions: readonly Condition[] = [
      { ...common, type: 'ParamsReady', reason: there ? 'GNPParamsReady' : 'GNPDeleted' },
      { ...common, type: 'Ready', reason: there ? 'Ready' : 'ParamsNotReady' },
    ];
    view.accept(await api.update(networks, { ...network, status: { conditions } }, 'status'));
  });
  view.subscribe(({ metadata }) => worker.add(metadata.name));
  paramSets.subscribe(() => {
    for (const { metadata } of view.all()) worker.add(metadata.name);
  });
};
