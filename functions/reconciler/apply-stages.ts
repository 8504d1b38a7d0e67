import type { CloudStep, Stage } from '../persistent-ip/cloud.ts';
import { Failure } from '../persistent-ip/failure.ts';
import type { ComputePort } from '../persistent-ip/ports.ts';

/** What became of the stages; `written` is the backend service's description, if one of the steps wrote it. */
export interface Applied {
  readonly written?: string;
  /** The first failure; the stages behind it were not begun. */
  readonly failure?: Failure;
}

/** The stages in their order, the steps of one side by side. */
export const applyStages = async (
  compute: ComputePort,
  stages: readonly Stage[],
  deadline: Date,
): Promise<Applied> => {
  let written: string | undefined;
  for (const stage of stages) {
    const results = await Promise.allSettled(stage.map((step) => compute.apply(step, deadline)));
    for (const [index, result] of results.entries()) {
      const step = stage[index];
      if (result.status === 'fulfilled' && step !== undefined) written = descriptionOf(step) ?? written;
    }
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined)
      return { ...(written === undefined ? {} : { written }), failure: asFailure(failed.reason) };
  }
  return written === undefined ? {} : { written };
};

const descriptionOf = (step: CloudStep): string | undefined =>
  step.do === 'create-backend-service' || step.do === 'patch-backend-service' ? step.description : undefined;

/** A port that rejects with anything else has a fault of its own: that is not spent as a retry. */
const asFailure = (reason: unknown): Failure => {
  if (reason instanceof Failure) return reason;
  throw reason;
};
