import type { Stage } from './cloud.ts';
import { findCondition } from './conditions.ts';
import { decideGateway } from './decide-gateway.ts';
import type { Outcome } from './forecast.ts';
import type { GatewayObservation } from './gateway-observation.ts';
import type { Condition, Gateway, GatewayStatus } from './objects.ts';
import { asksForAddress } from './pool.ts';
import { remedyFor } from './remedies.ts';

/** What the rules say of a Gateway, and what that comes to. */
export interface GatewayForecast {
  readonly outcome: Outcome;
  readonly because: string;
  readonly conditions: readonly (Condition & { readonly whatToDo: string | null })[];
  readonly stages: readonly Stage[];
  readonly next: string;
  /** As it would be written now; `undefined`: not ours to write. */
  readonly status: GatewayStatus | undefined;
}

export const forecastGateway = (o: GatewayObservation): GatewayForecast => {
  const { status, stages } = decideGateway(o);
  const conditions = status?.conditions ?? o.gateway.status.conditions;
  const accepted = findCondition(conditions, 'Accepted');
  const programmed = findCondition(conditions, 'Programmed');
  const reserves = programmed?.reason === 'AddressNotAssigned' && o.refusal === undefined;
  const outcome: Outcome =
    status === undefined
      ? 'left'
      : accepted?.status === 'True' && (programmed?.status === 'True' || reserves)
        ? 'served'
        : 'refused';
  const unwell = [accepted, programmed].find((condition) => condition?.status !== 'True');
  return {
    outcome,
    because: status === undefined ? whyLeft(o) : ((unwell ?? programmed)?.message ?? ''),
    conditions: conditions.map((each) => ({ ...each, whatToDo: remedyFor('Gateway', each) ?? null })),
    stages,
    next: nextOf(o.gateway, outcome, stages),
    status,
  };
};

const whyLeft = ({ gateway, gatewayClass }: GatewayObservation): string =>
  gatewayClass === undefined
    ? `GatewayClass ${gateway.className} does not exist: create it, or correct spec.gatewayClassName`
    : `GatewayClass ${gateway.className} is another controller's (${gatewayClass.controllerName})`;

const nextOf = (gateway: Gateway, outcome: Outcome, stages: readonly Stage[]): string => {
  if (outcome === 'left') return 'Nothing: this deployment does not touch it.';
  if (stages.length === 0) return 'Every route that names it is looked at.';
  return gateway.addresses.some(asksForAddress)
    ? 'Which address Google Cloud gives is known when it is reserved; then it joins the pool, and every route that names the Gateway is looked at.'
    : 'Every route that names it is looked at.';
};
