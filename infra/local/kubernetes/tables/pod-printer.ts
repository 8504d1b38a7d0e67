import { isDeleting } from '../objects/metadata.ts';
import { type JsonObject, type KubeObject, list, record, text } from '../objects/object.ts';
import { ageColumn, ageOf, column, nameColumn, type Printer } from './columns.ts';

const none = '<none>';

const isTrue = (status: JsonObject, wanted: string): boolean =>
  list(status.conditions)
    .map(record)
    .some(({ type, status: value }) => type === wanted && value === 'True');

/** Why a container does not run: what it waits for, or how it ended. */
const stoppedBecause = ({ state }: JsonObject): string | undefined =>
  text(record(record(state).waiting).reason) ?? text(record(record(state).terminated).reason);

const isRunning = (container: JsonObject): boolean =>
  container.ready === true && record(container.state).running !== undefined;

/** The one word for a Pod's state: a container's reason before the Pod's own, the first container's first. */
const statusWord = (pod: KubeObject): string => {
  const status = record(pod.status);
  const phase = text(status.phase) ?? '';
  const containers = list(status.containerStatuses).map(record);
  const stopped = containers.map(stoppedBecause).find((reason) => reason !== undefined);
  const word = stopped ?? text(status.reason) ?? phase;
  const ended = phase === 'Succeeded' || phase === 'Failed';
  if (isDeleting(pod)) {
    if (status.reason === 'NodeLost') return 'Unknown';
    if (!ended) return 'Terminating';
  }
  if (word === 'Completed' && containers.some(isRunning))
    return isTrue(status, 'Ready') ? 'Running' : 'NotReady';
  return word;
};

/** `pkg/printers/internalversion/printers.go`, printPod; init containers are not run by the local nodes. */
export const podPrinter: Printer = {
  columns: [
    nameColumn,
    column('Ready'),
    column('Status'),
    column('Restarts'),
    ageColumn,
    ...['IP', 'Node', 'Nominated Node', 'Readiness Gates'].map((name) => column(name, 'string', 1)),
  ],
  cells: (pod, now) => {
    const spec = record(pod.spec);
    const status = record(pod.status);
    const containers = list(status.containerStatuses).map(record);
    const gates = list(spec.readinessGates).map((gate) => text(record(gate).conditionType) ?? '');
    const restarts = containers.reduce((sum, { restartCount }) => sum + Number(restartCount ?? 0), 0);
    return [
      pod.metadata.name,
      `${containers.filter(isRunning).length}/${list(spec.containers).length}`,
      statusWord(pod),
      String(restarts),
      ageOf(pod, now),
      text(status.podIP) ?? none,
      text(spec.nodeName) ?? none,
      text(status.nominatedNodeName) ?? none,
      gates.length === 0 ? none : `${gates.filter((gate) => isTrue(status, gate)).length}/${gates.length}`,
    ];
  },
};
