import * as v from 'valibot';
import { callsText } from '../calls-text.ts';
import { CommandFailure } from '../failure.ts';
import { type Cell, none, print, tableOf, written } from '../output.ts';
import { read } from '../reader.ts';
import type { Session } from '../session.ts';
import { Calls, ConditionExplained, PodView } from '../views.ts';

const Explanation = v.looseObject({
  namespace: v.string(),
  name: v.string(),
  verdict: v.picklist(['act', 'leave']),
  why: v.nullable(v.string()),
  holder: v.nullable(v.looseObject({ pod: v.string(), node: v.string() })),
  pods: v.array(PodView),
  conditions: v.array(ConditionExplained),
  calls: Calls,
});

type Explanation = v.InferOutput<typeof Explanation>;

/** `explain NAMESPACE/NAME`: why a route is as it is, which Pod it chooses, and what would be done now. */
export const explain = async (session: Session, route: string): Promise<void> => {
  const { around, options } = session;
  const [namespace, name, more] = route.includes('/') ? route.split('/') : [options.namespace, route];
  if (!namespace || !name || more !== undefined)
    throw new CommandFailure(
      'usage',
      `"${route}" names no route`,
      'write NAMESPACE/NAME, or NAME with -n NAMESPACE',
    );
  const cluster =
    options.cluster === undefined ? '' : `?${new URLSearchParams({ cluster: options.cluster })}`;
  const answer = await read(session.ask(), {
    method: 'GET',
    url: `/v1/routes/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/explain${cluster}`,
  });
  const explanation = v.parse(Explanation, answer);
  print(around, options.output, answer, () => textOf(session, explanation));
  const unwell = explanation.conditions.find(({ type, status }) => type === 'Ready' && status !== 'True');
  if (unwell !== undefined)
    throw new CommandFailure('not-well', `${namespace}/${name} is not ready: ${unwell.reason}`);
};

const textOf = ({ around }: Session, found: Explanation): string => {
  const { verdict, why, holder, pods, conditions, calls } = found;
  const line = (text: string): string => `${written(around, text)}\n`;
  const conditionRows = conditions.map(({ type, status, reason, message, whatToDo }): readonly Cell[] => [
    type,
    status === 'True' ? { text: status, colour: 'green' } : { text: status, colour: 'red' },
    reason,
    (status === 'True' ? message : (whatToDo ?? message)) || none,
  ]);
  // A message names the address, the Pod or the other route; Ready repeats that of another condition.
  const said = [
    ...new Set(
      conditions
        .filter(({ status, whatToDo }) => status !== 'True' && whatToDo !== null)
        .map(({ message }) => message),
    ),
  ].filter((message) => message !== '');
  const podRows = pods.map(({ pod, node, chosen, why: because }): readonly Cell[] => [
    chosen ? { text: 'yes', colour: 'green' } : 'no',
    pod,
    node ?? none,
    because,
  ]);
  return [
    line(`Route     ${found.namespace}/${found.name}`),
    line(`Holder    ${holder === null ? 'nobody' : `${holder.pod} on ${holder.node}`}`),
    verdict === 'leave' ? line(`Left alone: ${why ?? ''}`) : '',
    '\n',
    tableOf(around, ['CONDITION', 'STATUS', 'REASON', 'WHAT TO DO'], conditionRows),
    '\n',
    ...said.map(line),
    said.length === 0 ? '' : '\n',
    pods.length === 0
      ? line('No Pod has the labels that the selector asks for.')
      : tableOf(around, ['CHOSEN', 'POD', 'NODE', 'WHY'], podRows),
    '\n',
    calls.length === 0 ? '' : line('Would be done now:'),
    callsText(around, calls),
  ].join('');
};
