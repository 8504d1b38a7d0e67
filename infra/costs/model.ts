import { prices } from './prices.ts';

/** How much happens in a cluster. */
export interface Load {
  readonly name: string;
  readonly nodes: number;
  /** Pods that are made and end, a day, in the whole cluster. */
  readonly podsADay: number;
  readonly routes: number;
  /** Moves of addresses a day, over all routes. */
  readonly movesADay: number;
}

const days = 30;
const KiB = 2 ** 10;
const GiB = 2 ** 30;

/**
 * What one Pod's life writes into the audit log, and which of it the sink lets through: the sizes of the two real
 * entries in test/events/samples (6.3 KiB with the whole object, 2.3 KiB for a status patch), a binding of 2 KiB.
 */
const podLife = {
  /** create, binding, two deletes with the object; three status patches of which the sink takes those with Ready. */
  through: { entries: 7, bytes: (6.3 + 2 + 2 * 6.3 + 3 * 2.3) * KiB },
  /** What the function acts on: the create is judged by its labels, the binding, Ready, a podIP, the end. */
  kept: 6,
};

/** A kubelet's report: every five minutes though nothing changed, with Ready and without its status. */
const heartbeat = { aDay: 288, bytes: 3 * KiB };

/** Milliseconds for which an instance is billed: at least 100 a request. Measured figures are lower; nobody shares. */
const billed = { dropped: 100, kept: 300, reconcile: 2_000, sweep: 1_000 };

/** Of every function, by default (infra/terraform/variables.tf). */
const memoryGiB = 0.5;

/** A reconcile request and its delivery, bytes. */
const requestBytes = 1 * KiB;

export interface Month {
  /** Entries that the sink lets through. */
  readonly entries: number;
  readonly sinkGiB: number;
  readonly requests: number;
  readonly vcpuSeconds: number;
  readonly dollars: { readonly pubsub: number; readonly functions: number; readonly logs: number };
  /** After the free amounts of a billing account that uses them for nothing else. */
  readonly afterFree: number;
}

/** What a month costs. `fine: false`: a function that publishes a request for every entry, instead of judging it. */
export const monthOf = (load: Load, { fine = true }: { fine?: boolean } = {}): Month => {
  const pods = load.podsADay * days;
  const beats = load.nodes * heartbeat.aDay * days;
  const entries = pods * podLife.through.entries + beats;
  const sinkBytes = pods * podLife.through.bytes + beats * heartbeat.bytes;
  const kept = fine ? pods * podLife.kept : entries;
  // A request goes out for routes whose selector takes the Pod: those that move. The sweep asks for the rest.
  const fromEvents = fine ? load.movesADay * days * 6 : entries;
  const fromSweeps = load.routes * (24 * 12) * days;
  const reconciles = fromEvents + fromSweeps;
  const sweeps = 24 * 60 * days;
  const requests = entries + reconciles + sweeps;
  const ms =
    (entries - kept) * billed.dropped +
    kept * billed.kept +
    fromEvents * billed.reconcile +
    // A look at a route that is well ends in reads alone.
    fromSweeps * billed.kept +
    sweeps * billed.sweep;
  const vcpuSeconds = ms / 1000;
  const pubsubGiB = (2 * (sinkBytes + reconciles * requestBytes + sweeps * KiB)) / GiB;
  // Cloud Run's request log and the functions' own lines.
  const logGiB = (requests * 0.7 * KiB) / GiB;
  return {
    entries,
    sinkGiB: sinkBytes / GiB,
    requests,
    vcpuSeconds,
    dollars: {
      pubsub: pubsubCost(pubsubGiB),
      functions: functionsCost(vcpuSeconds, requests),
      logs: logGiB * prices.logsPerGiB,
    },
    afterFree:
      pubsubCost(Math.max(0, pubsubGiB - prices.pubsubFreeGiB)) +
      functionsCost(
        Math.max(0, vcpuSeconds - prices.freeVcpuSeconds),
        Math.max(0, requests - prices.freeMillionRequests * 1e6),
        Math.max(0, vcpuSeconds * memoryGiB - prices.freeGibSeconds),
      ) +
      Math.max(0, logGiB - prices.logsFreeGiB) * prices.logsPerGiB,
  };
};

const pubsubCost = (gib: number): number => (gib / KiB) * prices.pubsubPerTiB;

const functionsCost = (vcpuSeconds: number, requests: number, gibSeconds = vcpuSeconds * memoryGiB): number =>
  vcpuSeconds * prices.vcpuSecond + gibSeconds * prices.gibSecond + (requests / 1e6) * prices.millionRequests;

/** The clusters of the table in infra/README.md. */
export const loads: readonly Load[] = [
  { name: 'small', nodes: 10, podsADay: 500, routes: 5, movesADay: 10 },
  { name: 'medium', nodes: 100, podsADay: 10_000, routes: 50, movesADay: 200 },
  { name: 'large', nodes: 1_000, podsADay: 100_000, routes: 500, movesADay: 2_000 },
];
