# What the module makes, as the tests compare it: tests/expected holds it in files that `npm test` reads.

locals {
  # Every metric that is made, and every series that a chart or an alert asks for.
  monitoring = {
    metrics = [
      for metric in concat(values(google_logging_metric.counter), values(google_logging_metric.distribution)) : {
        type             = "logging.googleapis.com/user/${metric.name}"
        filter           = metric.filter
        value_type       = metric.metric_descriptor[0].value_type
        value_extractor  = metric.value_extractor
        label_extractors = metric.label_extractors
        labels           = [for label in metric.metric_descriptor[0].labels : label.key]
      }
    ]
    charts = flatten([
      for tile in jsondecode(google_monitoring_dashboard.this.dashboard_json).mosaicLayout.tiles : [
        for set in tile.widget.xyChart.dataSets : {
          title   = tile.widget.title
          filter  = set.timeSeriesQuery.timeSeriesFilter.filter
          aligner = set.timeSeriesQuery.timeSeriesFilter.aggregation.perSeriesAligner
        }
      ]
    ])
    alerts = concat(
      [
        for policy in values(google_monitoring_alert_policy.threshold) : {
          title   = policy.display_name
          filter  = policy.conditions[0].condition_threshold[0].filter
          aligner = policy.conditions[0].condition_threshold[0].aggregations[0].per_series_aligner
        }
      ],
      [{
        title   = google_monitoring_alert_policy.no_sweep.display_name
        filter  = google_monitoring_alert_policy.no_sweep.conditions[0].condition_absent[0].filter
        aligner = google_monitoring_alert_policy.no_sweep.conditions[0].condition_absent[0].aggregations[0].per_series_aligner
      }],
    )
  }

  # Who may do what where. A custom role is told by its permissions, of which each counts.
  grants = concat(
    [for project, m in google_project_iam_member.project : { on = "projects/${project}", member = m.member, role = "", permissions = google_project_iam_custom_role.project[project].permissions }],
    [for project, m in google_project_iam_member.network_project : { on = "projects/${project}", member = m.member, role = "", permissions = google_project_iam_custom_role.network_project[project].permissions }],
    [for m in values(google_project_iam_member.log) : { on = "projects/${m.project}", member = m.member, role = "", permissions = google_project_iam_custom_role.log.permissions }],
    [for project, m in google_project_iam_member.connect : { on = "projects/${project}", member = m.member, role = "", permissions = google_project_iam_custom_role.connect[project].permissions }],
    [for project, m in google_project_iam_member.look : { on = "projects/${project}", member = m.member, role = "", permissions = google_project_iam_custom_role.look[project].permissions }],
    [for m in [google_project_iam_member.history] : { on = "projects/${m.project}", member = m.member, role = "", permissions = google_project_iam_custom_role.history.permissions }],
    [
      for m in [google_service_account_iam_member.push_token] :
      { on = "projects/${var.project}/serviceAccounts/${local.push_email}", member = m.member, role = m.role, permissions = [] }
    ],
    [
      for m in [google_project_iam_member.event_receiver, google_project_iam_member.build_source] :
      { on = "projects/${m.project}", member = m.member, role = m.role, permissions = [] }
    ],
    [
      for m in concat([google_pubsub_topic_iam_member.requests], values(google_pubsub_topic_iam_member.sink), values(google_pubsub_topic_iam_member.dead_letters)) :
      { on = "projects/${m.project}/topics/${m.topic}", member = m.member, role = m.role, permissions = [] }
    ],
    [
      for m in values(google_pubsub_subscription_iam_member.dead_letters) :
      { on = "projects/${m.project}/subscriptions/${m.subscription}", member = m.member, role = m.role, permissions = [] }
    ],
    [
      for m in concat(values(google_cloud_run_v2_service_iam_member.push), values(google_cloud_run_v2_service_iam_member.reader)) :
      { on = "projects/${m.project}/locations/${m.location}/services/${m.name}", member = m.member, role = m.role, permissions = [] }
    ],
    [
      for m in [google_artifact_registry_repository_iam_member.build] :
      { on = "projects/${m.project}/locations/${m.location}/repositories/${m.repository}", member = m.member, role = m.role, permissions = [] }
    ],
    [for m in [google_storage_bucket_iam_member.build] : { on = "buckets/${m.bucket}", member = m.member, role = m.role, permissions = [] }],
    [
      for m in values(google_bigquery_dataset_iam_member.history) :
      { on = "projects/${m.project}/datasets/${m.dataset_id}", member = m.member, role = m.role, permissions = [] }
    ],
  )
}
