import { StatusError } from '../objects/status.ts';

/** What a request is, to those who choose some of them. */
export interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: string;
  readonly groups: readonly string[];
}

/** A planted failure: the next requests that fit get it. */
export interface Fault {
  /** Every attribute given must be equal. */
  readonly match: Partial<Omit<Attributes, 'groups'>>;
  /**
   * A Status, sent before anything is done; `reset`: the connection breaks before anything is done;
   * `lost`: everything is done and the connection breaks instead of the answer.
   */
  readonly answer:
    | { readonly code: number; readonly reason: string; readonly message?: string }
    | 'reset'
    | 'lost';
  /** How many requests get it. Default 1. */
  readonly times?: number;
}

/** The failures that are still to come, in the order in which they were planted. */
export class Faults {
  #planted: { fault: Fault; left: number }[] = [];

  plant(fault: Fault): void {
    this.#planted.push({ fault, left: fault.times ?? 1 });
  }

  /** The fault of this request, which is then used up once. */
  take(attributes: Attributes): Fault['answer'] | undefined {
    const found = this.#planted.find(({ fault: { match } }) =>
      Object.entries(match).every(([key, wanted]) => attributes[key as keyof Attributes] === wanted),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    this.#planted = this.#planted.filter(({ left }) => left > 0);
    return found.fault.answer;
  }
}

/** @throws StatusError when the fault is a Status */
export const raise = (answer: Fault['answer'] | undefined): void => {
  if (answer === undefined || typeof answer === 'string') return;
  throw new StatusError(answer.code, answer.reason, answer.message ?? 'an injected fault');
};
