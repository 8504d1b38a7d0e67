import { type Json, type KubeObject, list, record, strings, text } from '../objects/object.ts';
import { ageColumn, ageOf, column, nameColumn, type Printer } from './columns.ts';

const none = '<none>';

const nodeStatus = (node: KubeObject): string => {
  const ready = list(record(node.status).conditions)
    .map(record)
    .find(({ type }) => type === 'Ready');
  const status = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return record(node.spec).unschedulable === true ? `${status},SchedulingDisabled` : status;
};

const nodeRoles = ({ metadata }: KubeObject): string => {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(strings(metadata.labels)).flatMap((label) =>
    label.startsWith(prefix) ? [label.slice(prefix.length)] : [],
  );
  return roles.sort().join(',') || none;
};

/** `pkg/printers/internalversion/printers.go`, printNode. */
export const nodePrinter: Printer = {
  columns: [
    nameColumn,
    column('Status'),
    column('Roles'),
    ageColumn,
    column('Version'),
    ...['Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'].map((name) =>
      column(name, 'string', 1),
    ),
  ],
  cells: (node, now) => {
    const status = record(node.status);
    const info = record(status.nodeInfo);
    const addresses = list(status.addresses).map(record);
    const address = (wanted: string): Json => addresses.find(({ type }) => type === wanted)?.address ?? none;
    return [
      node.metadata.name,
      nodeStatus(node),
      nodeRoles(node),
      ageOf(node, now),
      text(info.kubeletVersion) ?? '',
      address('InternalIP'),
      address('ExternalIP'),
      text(info.osImage) ?? '<unknown>',
      text(info.kernelVersion) ?? '<unknown>',
      text(info.containerRuntimeVersion) ?? '<unknown>',
    ];
  },
};
