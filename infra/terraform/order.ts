/**
 * What must be there before what, so that no event is lost on a first apply and none meets a function without its rights:
 * the later, then the earlier. On destroy the order is the reverse: the sources go first.
 */
export const order: readonly (readonly [string, string])[] = [
  ['google_pubsub_subscription.this', 'google_pubsub_subscription.dead_letters'],
  ['google_pubsub_subscription.this', 'google_pubsub_topic_iam_member.dead_letters'],
  ['google_pubsub_subscription.this', 'google_cloudfunctions2_function.this'],
  ['google_pubsub_subscription.this', 'google_cloudfunctions2_function.sweep'],
  ['google_pubsub_subscription.this', 'google_cloud_run_v2_service_iam_member.push'],
  ['google_pubsub_subscription.this', 'google_service_account_iam_member.push_token'],
  ['google_cloudfunctions2_function.this', 'google_project_iam_member.project'],
  ['google_cloudfunctions2_function.this', 'google_project_iam_member.network_project'],
  ['google_cloudfunctions2_function.this', 'google_pubsub_topic_iam_member.requests'],
  ['google_cloudfunctions2_function.sweep', 'google_project_iam_member.project'],
  ['google_cloudfunctions2_function.inventory', 'google_project_iam_member.look'],
  ['google_cloudfunctions2_function.inventory', 'google_project_iam_member.history'],
  ['google_logging_project_sink.this', 'google_pubsub_subscription.this'],
  ['google_logging_project_sink.this', 'google_pubsub_subscription_iam_member.dead_letters'],
  ['google_eventarc_trigger.compute', 'google_cloudfunctions2_function.this'],
  ['google_eventarc_trigger.compute', 'google_project_iam_member.event_receiver'],
  ['google_cloud_scheduler_job.sweep', 'google_pubsub_topic_iam_member.sink'],
  ['google_cloud_scheduler_job.sweep', 'google_eventarc_trigger.compute'],
];

/**
 * The pairs that a graph does not keep.
 * @param graph `terraform graph`: lines `"A" -> "B"`, A needs B
 */
export const brokenOrder = (graph: string, pairs = order): readonly string[] => {
  const needs = new Map<string, string[]>();
  for (const [, from = '', to = ''] of graph.matchAll(/"([^"]+)" -> "([^"]+)"/g))
    needs.set(from, [...(needs.get(from) ?? []), to]);
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    (needs.get(from) ?? []).some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  return pairs
    .filter(([later, earlier]) => !reaches(later, earlier))
    .map(([later, earlier]) => `${later} does not wait for ${earlier}`);
};
