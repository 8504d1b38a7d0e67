/** What each answer takes, milliseconds: the issue's. An operation's time is that of the `wait` on it. */
export const latencies = { compute: 80, kubernetes: 15, operation: 2_000, pubsub: 30, logging: 30 } as const;

export type Service = keyof typeof latencies;
