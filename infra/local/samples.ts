import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { ipText, parseCidr } from '../../functions/persistent-ip/cidr.ts';
import type { LocalCloud } from './cloud.ts';
import { clusterNetwork } from './networks.ts';

const folder = new URL('../kubernetes/samples/', import.meta.url);

/** The samples by name, as `nat-pod`. */
export const sampleNames: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length))
  .sort();

interface Manifest {
  readonly kind?: string;
  readonly spec?: {
    readonly gatewayClassName?: string;
    readonly addresses?: readonly { readonly value?: string }[];
  };
}

/** Every IPv4 address of a Gateway's entry: a bare one, or those of a block. */
const addressesOf = (value: string): readonly string[] => {
  const block = parseCidr(value.includes('/') ? value : `${value}/32`);
  if (typeof block === 'string') return [];
  return Array.from({ length: block.last - block.first + 1 }, (_, i) => ipText(block.first + i));
};

export const sampleText = (name: string): string => readFileSync(new URL(`${name}.yaml`, folder), 'utf8');

/** Applies a sample as a user would. @returns the addresses that were reserved for it */
export const applySample = (
  cloud: Pick<LocalCloud, 'compute' | 'kubernetes'>,
  name: string,
): Promise<readonly string[]> => applyWithAddresses(cloud, name, sampleText(name));

/**
 * Applies manifests: first the addresses that its Gateways name are reserved. Google gives no choice of
 * external ones; the samples name theirs, so here they are arranged. Internal ones lie in the cluster's subnetwork.
 * @param name the reserved addresses are named after it
 * @returns the addresses
 */
export const applyWithAddresses = async (
  cloud: Pick<LocalCloud, 'compute' | 'kubernetes'>,
  name: string,
  text: string,
): Promise<readonly string[]> => {
  const manifests = parseAllDocuments(text).map((document): Manifest => document.toJS() ?? {});
  const addresses = manifests
    .filter(({ kind }) => kind === 'Gateway')
    .flatMap(({ spec }) =>
      (spec?.addresses ?? []).flatMap(({ value = '' }) =>
        addressesOf(value).map((address) => ({ address, ...where(spec?.gatewayClassName) })),
      ),
    );
  for (const reservation of addresses)
    cloud.compute.reserveAddress({
      name: `${name}-${reservation.address.replaceAll('.', '-')}`,
      ...reservation,
    });
  await cloud.kubernetes.apply(text);
  return addresses.map(({ address }) => address);
};

/** The names of the classes say whether their addresses lie in a subnetwork. */
const where = (className = '') =>
  className.includes('internal') ? { subnetwork: clusterNetwork.subnetwork } : {};
