/**
 * Google Cloud's list prices in US dollars, regions of tier 1, without discounts.
 * Read: Pub/Sub https://cloud.google.com/pubsub/pricing (2026-09-20), Cloud Run https://cloud.google.com/run/pricing,
 * Cloud Logging https://cloud.google.com/stackdriver/pricing (2026-09-12), Cloud Scheduler
 * https://cloud.google.com/scheduler/pricing. Written down on 2026-11-25.
 */
export const prices = {
  /** Of bytes that are published and of bytes that are delivered, each. */
  pubsubPerTiB: 40,
  pubsubFreeGiB: 10,
  /** While requests are served, in steps of 100 ms. */
  vcpuSecond: 0.000024,
  gibSecond: 0.0000025,
  millionRequests: 0.4,
  freeVcpuSeconds: 180_000,
  freeGibSeconds: 360_000,
  freeMillionRequests: 2,
  /** Into a log bucket, with 30 days of storage. What a sink routes elsewhere costs nothing at Cloud Logging. */
  logsPerGiB: 0.5,
  logsFreeGiB: 50,
  schedulerJob: 0.1,
  schedulerFreeJobs: 3,
} as const;
