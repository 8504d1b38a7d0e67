import { type Cell, none, tableOf, written } from './output.ts';
import type { Surroundings } from './surroundings.ts';
import type { CallsView } from './views.ts';

/** The calls to Compute Engine, in their order; those of one stage are made side by side. */
export const callsText = (around: Pick<Surroundings, 'colours'>, calls: CallsView): string => {
  if (calls.length === 0) return `${written(around, 'No call to Compute Engine.')}\n`;
  const rows = calls.flatMap((stage, i) =>
    stage.map(({ call, on, what }): readonly Cell[] => [String(i + 1), call, on, what || none]),
  );
  return tableOf(around, ['STAGE', 'CALL', 'ON', 'WHAT'], rows);
};
