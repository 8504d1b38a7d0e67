import type { CloudStep } from '../../../functions/persistent-ip/cloud.ts';
import type { Route, RouteStatus } from '../../../functions/persistent-ip/objects.ts';

/** One answered read of a delivery. */
export interface Look {
  /** The port's method: `route`, `backendService`. */
  readonly of: string;
  readonly args: readonly unknown[];
  readonly value: unknown;
}

/** A status of a route that a delivery wrote. */
export interface StatusWrite {
  readonly before: Route;
  /** As it was written in the end. */
  readonly status: RouteStatus;
}

/** One push in one instance: what it has read and written so far. */
export class Delivery {
  readonly label: string;
  readonly functionName: string;
  readonly body: object;
  /** Milliseconds. */
  readonly began: number;
  /** In the order of their answers. */
  readonly looks: Look[] = [];
  /** Changes of Google Cloud that it asked for, in order. */
  readonly steps: CloudStep[] = [];
  status: StatusWrite | undefined;
  over = false;
  /** What it threw, which no delivery may. */
  fault: unknown;
  onCrash: () => void = () => {};

  constructor(label: string, functionName: string, body: object, began: number) {
    this.label = label;
    this.functionName = functionName;
    this.body = body;
    this.began = began;
  }

  /**
   * A status is sent. It may be written long after, when its caller has given it up and read more.
   * @returns what makes of the status, once it is written, this delivery as it was when it sent it
   */
  sends(before: Route): (status: RouteStatus) => Delivery {
    const looks = [...this.looks];
    return (status) => {
      const then = new Delivery(this.label, this.functionName, this.body, this.began);
      then.looks.push(...looks);
      then.status = { before, status };
      return then;
    };
  }

  /** The latest answer to a read of that kind, about these arguments. */
  last<T>(of: string, ...args: readonly unknown[]): T | undefined {
    const found = this.looks.findLast(
      (look) =>
        look.of === of && args.every((arg, at) => JSON.stringify(look.args[at]) === JSON.stringify(arg)),
    );
    return found?.value as T | undefined;
  }

  all(of: string): readonly Look[] {
    return this.looks.filter((look) => look.of === of);
  }
}
