/** What generated clusters are made of. */
export const external = Array.from({ length: 20 }, (_, index) => `34.1.2.${index + 1}`);
export const internal = Array.from({ length: 9 }, (_, index) => `10.8.0.${index + 1}`);
export const nameOf = (ip: string): string => `ip-${ip.replaceAll('.', '-')}`;
export const namespaces = ['edge', 'core', 'infra'];
export const networkNames = ['net-l3', 'net-device', 'net-l2', 'net-unready', 'net-bare'];
