import { readFileSync } from 'node:fs';
import pc from 'picocolors';
import { applySample, applyWithAddresses, sampleText } from '../samples.ts';
import { until } from '../until.ts';
import { Onlooker, TourFailure } from './onlooker.ts';
import { type RouteView, viewRoute } from './route-view.ts';

/** A person at the cluster and at the cloud: an onlooker who also acts. */
export class Guide extends Onlooker {
  /** @returns how many addresses were reserved for it */
  async apply(name: string): Promise<number> {
    return (await applySample(this.cloud, name)).length;
  }

  /** Applies one of the tours' own manifests, `manifests/NAME.yaml`. */
  async applyManifest(name: string): Promise<void> {
    const text = readFileSync(new URL(`manifests/${name}.yaml`, import.meta.url), 'utf8');
    await applyWithAddresses(this.cloud, name, text);
  }

  /** Applies a sample whose addresses have been reserved already. */
  async applyAsItIs(name: string): Promise<void> {
    await this.cloud.kubernetes.apply(sampleText(name));
  }

  /** Brings a range of one's own (BYOIP) as a public delegated prefix, and reserves its first `count` addresses. */
  bring(name: string, range: string, count: number): void {
    const ipCollection = this.cloud.compute.addPublicDelegatedPrefix({ name, range });
    for (let i = 1; i <= count; i += 1)
      this.cloud.compute.reserveAddress({ name: `${name}-${i}`, ipCollection });
  }

  async restart(namespace: string, deployment: string): Promise<void> {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    await this.admin.kubernetes(
      'PATCH',
      `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`,
      { spec: { template: { metadata: { annotations } } } },
      'application/merge-patch+json',
    );
  }

  async cordon(node: string | undefined): Promise<void> {
    const spec = { unschedulable: true };
    await this.admin.kubernetes(
      'PATCH',
      `/api/v1/nodes/${node ?? ''}`,
      { spec },
      'application/merge-patch+json',
    );
  }

  /** @param labels null removes one */
  async labelNamespace(name: string, labels: Readonly<Record<string, string | null>>): Promise<void> {
    await this.admin.kubernetes(
      'PATCH',
      `/api/v1/namespaces/${name}`,
      { metadata: { labels } },
      'application/merge-patch+json',
    );
  }

  async deletePod(namespace: string, pod: string | undefined): Promise<void> {
    await this.admin.kubernetes('DELETE', `/api/v1/namespaces/${namespace}/pods/${pod ?? ''}`);
  }

  async deleteVm({ node }: RouteView): Promise<void> {
    const [zone, name] = this.#zoneOf(node);
    await this.admin.compute('DELETE', `/zones/${zone}/instances/${name}`);
  }

  async deleteRoute(namespace: string, name: string): Promise<void> {
    await this.admin.kubernetes(
      'DELETE',
      `/apis/networking.gke.io/v1/namespaces/${namespace}/gkeiproutes/${name}`,
    );
    await until(this.cloud, `${namespace}/${name} is gone`, async () =>
      (await viewRoute(this.admin, namespace, name)) === undefined ? true : undefined,
    );
    this.note(`${pc.cyan(`${namespace}/${name}`)} is gone`);
  }

  async deleteGateway(namespace: string, name: string): Promise<void> {
    const list = `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/gateways`;
    await this.admin.kubernetes('DELETE', `${list}/${name}`);
    await until(this.cloud, `Gateway ${namespace}/${name} is gone`, async () => {
      const { items } = (await this.admin.kubernetes('GET', list)) as {
        items?: readonly { metadata: { name: string } }[];
      };
      return items?.some(({ metadata }) => metadata.name === name) === true ? undefined : true;
    });
  }

  async deleteNetwork(name: string): Promise<void> {
    await this.admin.kubernetes('DELETE', `/apis/networking.gke.io/v1/networks/${name}`);
  }

  #zoneOf(node: string | undefined): readonly [string, string] {
    const vm = this.cloud.vms.find(({ name }) => name === node);
    if (vm === undefined) throw new TourFailure(`node ${node ?? '?'} has no VM`);
    return [vm.zone, vm.name];
  }
}
