locals {
  # Each chart: its title, its series. Two in a row.
  charts = [
    { title = "Changes of holder", unit = "1", series = [
      for action in ["allocate", "move", "release"] :
      { legend = action, filter = "metric.type=\"${local.metric_types["changes-of-holder"]}\" metric.label.action=\"${action}\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM" }
    ] },
    { title = "What somebody must look at", unit = "1", series = [
      for key in ["refused-routes", "silent-agents", "left-to-people"] :
      { legend = key, filter = "metric.type=\"${local.metric_types[key]}\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM" }
    ] },
    { title = "Latency of moves", unit = "ms", series = [
      { legend = "p50", filter = "metric.type=\"${local.metric_types["move-latency"]}\"", aligner = "ALIGN_PERCENTILE_50", reducer = "REDUCE_MAX" },
      { legend = "p95", filter = "metric.type=\"${local.metric_types["move-latency"]}\"", aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX" },
    ] },
    { title = "Longest time that a route is not Ready", unit = "s", series = [
      { legend = "longest", filter = "metric.type=\"${local.metric_types["longest-unready"]}\"", aligner = "ALIGN_PERCENTILE_99", reducer = "REDUCE_MAX" },
    ] },
    { title = "Messages that wait", unit = "1", series = [
      for key, subscription in google_pubsub_subscription.this :
      { legend = key, filter = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" resource.type=\"pubsub_subscription\" resource.label.subscription_id=\"${subscription.name}\"", aligner = "ALIGN_MAX", reducer = "REDUCE_SUM" }
    ] },
    { title = "Dead letters", unit = "1", series = [
      for key, subscription in google_pubsub_subscription.dead_letters :
      { legend = key, filter = "metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" resource.type=\"pubsub_subscription\" resource.label.subscription_id=\"${subscription.name}\"", aligner = "ALIGN_MAX", reducer = "REDUCE_SUM" }
    ] },
    { title = "What goes wrong", unit = "1", series = [
      for key in ["faults", "repeated-deliveries", "refused-events", "unauthorised-pushes"] :
      { legend = key, filter = "metric.type=\"${local.metric_types[key]}\"", aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM" }
    ] },
    { title = "Requests of the functions", unit = "1/s", series = [
      for key, service in local.function_names :
      { legend = key, filter = "metric.type=\"run.googleapis.com/request_count\" resource.type=\"cloud_run_revision\" resource.label.service_name=\"${service}\"", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM" }
    ] },
    { title = "Instances", unit = "1", series = [
      for key, service in local.function_names :
      { legend = key, filter = "metric.type=\"run.googleapis.com/container/instance_count\" resource.type=\"cloud_run_revision\" resource.label.service_name=\"${service}\"", aligner = "ALIGN_MAX", reducer = "REDUCE_SUM" }
    ] },
  ]

  # Monitoring leaves a position of 0 out of what it answers, and with it each plan would find a change.
  positions = [
    for index in range(length(local.charts)) : {
      for axis, position in { xPos = index % 2 * 24, yPos = floor(index / 2) * 16 } : axis => position if position > 0
    }
  ]
}

resource "google_monitoring_dashboard" "this" {
  project = var.project
  dashboard_json = jsonencode({
    displayName = "Persistent IP (${var.name})"
    mosaicLayout = {
      columns = 48
      tiles = [
        for index, chart in local.charts : merge(local.positions[index], {
          width  = 24
          height = 16
          widget = {
            title = chart.title
            xyChart = {
              dataSets = [
                for series in chart.series : {
                  plotType       = "LINE"
                  legendTemplate = series.legend
                  timeSeriesQuery = {
                    unitOverride = chart.unit
                    timeSeriesFilter = {
                      filter = series.filter
                      aggregation = {
                        alignmentPeriod    = "60s"
                        perSeriesAligner   = series.aligner
                        crossSeriesReducer = series.reducer
                      }
                    }
                  }
                }
              ]
              yAxis = { scale = "LINEAR" }
            }
          }
        })
      ]
    }
  })
}
