import type { Agents } from '../actors/agents.ts';
import type { Nodes } from '../actors/nodes.ts';
import type { OtherController } from '../actors/other-controller.ts';
import type { Pods } from '../actors/pods.ts';
import type { SimWorld } from '../actors/world.ts';

/** Who acts on the world. */
export interface Stage extends SimWorld {
  readonly nodes: Nodes;
  readonly pods: Pods;
  readonly agents: Agents;
  readonly other: OtherController;
}

/** Something that a person, a Pod, a node or a zone does. One that is not possible any more does nothing. */
export interface Action {
  /** Milliseconds from the beginning. */
  readonly at: number;
  readonly kind: string;
  readonly text: string;
  do(stage: Stage): void;
}
