import * as v from 'valibot';
import { CommandFailure } from '../failure.ts';
import { tableOf } from '../output.ts';
import { publish } from '../publish.ts';
import { readAll } from '../reader.ts';
import type { Session } from '../session.ts';
import { settingsRemedy } from '../settings.ts';
import { RouteRow, whyNot } from '../views.ts';

export interface SweepOptions {
  /** Seconds to wait for every route to be Ready, at most; 0: not at all. */
  readonly wait: number;
}

const pollMs = 1_000;

/** `sweep`: a look at every object now, and how the routes stand after it. */
export const sweep = async (session: Session, { wait }: SweepOptions): Promise<void> => {
  const { around, settings } = session;
  const topic = settings.topics?.sweeps;
  if (topic === undefined)
    throw new CommandFailure('usage', 'the settings name no topic of sweeps', settingsRemedy);
  const ask = session.ask();
  await publish(around, settings, topic, { scope: 'all' });
  around.err('A sweep over every object is asked for.\n');
  if (wait === 0) return;
  const until = around.now().getTime() + wait * 1_000;
  for (let said = ''; ; ) {
    const routes = await routesOf(ask, session);
    const notReady = routes.filter(({ ready }) => !ready);
    const now = `${routes.length - notReady.length} of ${routes.length} routes are ready`;
    if (now !== said) around.err(`${now}\n`);
    said = now;
    if (notReady.length === 0) return;
    if (around.now().getTime() >= until) throw unwell(session, notReady);
    await around.sleep(pollMs);
  }
};

const routesOf = async (
  ask: ReturnType<Session['ask']>,
  { options: { cluster, namespace } }: Session,
): Promise<readonly RouteRow[]> =>
  v.parse(v.array(RouteRow), (await readAll(ask, '/v1/routes', { cluster, namespace })).items);

const unwell = ({ around }: Session, routes: readonly RouteRow[]): CommandFailure => {
  const rows = routes.map(({ namespace, name, conditions }) => [namespace, name, whyNot(conditions)]);
  around.out(tableOf(around, ['NAMESPACE', 'NAME', 'REASON'], rows));
  return new CommandFailure(
    'not-well',
    `${routes.length} ${routes.length === 1 ? 'route is' : 'routes are'} not ready`,
    'persistent-ip explain NAMESPACE/NAME says why',
  );
};
