interface GatewayCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

/** What a person sees of a Gateway. */
export interface GatewayView {
  readonly metadata: { readonly generation?: number; readonly finalizers?: readonly string[] };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly value: string }[];
    readonly conditions?: readonly GatewayCondition[];
    readonly listeners?: readonly {
      readonly name: string;
      readonly attachedRoutes: number;
      readonly supportedKinds: readonly { readonly kind: string }[];
      readonly conditions: readonly GatewayCondition[];
    }[];
  };
}

/** What scenarios look at in objects of many kinds. */
export interface Observed {
  readonly metadata?: { readonly generation?: number };
  readonly spec?: { readonly replicas?: number; readonly taints?: readonly unknown[] };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
    readonly disruptionsAllowed?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** The status of its condition Ready. */
export const isReady = ({ status }: Observed): string | undefined =>
  status?.conditions?.find(({ type }) => type === 'Ready')?.status;
