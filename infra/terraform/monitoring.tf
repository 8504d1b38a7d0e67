# What is counted, and when somebody is told.

locals {
  service_of   = { for key, service in local.function_names : key => "\"${service}\"" }
  all_services = "resource.type=\"cloud_run_revision\" resource.labels.service_name=(${join(" OR ", values(local.service_of))})"
  # Without the inventory, which strangers on the internet may find and are refused by.
  runtime = "resource.type=\"cloud_run_revision\" resource.labels.service_name=(${join(" OR ", [for key in local.event_functions : local.service_of[key]])})"

  audit_log = "logName=\"projects/${var.project}/logs/persistent-ip-audit\""

  # The functions' own log lines (functions/push-handler.ts, functions/sweep.ts) and audit entries
  # (functions/google-cloud/audit-log.ts): test/scenarios/metrics.test.ts holds every filter and extractor to lines and
  # entries that the functions write. Cloud Run refuses most strangers itself: those are in its request log.
  counters = {
    unauthorised-pushes = {
      description = "Calls of a function by somebody who may not call it."
      filter      = <<-EOT
        ${local.runtime}
        (jsonPayload.message="unauthorised push" OR (logName=~"/run[.]googleapis[.]com%2Frequests$" httpRequest.status=(401 OR 403)))
      EOT
    }
    refused-events = {
      description = "Events that are malformed or name something that is not configured."
      filter      = "${local.runtime} jsonPayload.message=\"refused event\""
    }
    repeated-deliveries = {
      description = "Deliveries that could neither read nor publish anything: Pub/Sub sends them again."
      filter      = "${local.runtime} jsonPayload.message=\"delivery to be repeated\""
    }
    faults = {
      description = "Faults of the functions themselves."
      filter      = "${local.all_services} severity>=ERROR"
    }
    sweeps = {
      description = "Sweeps that ended, one a cluster."
      filter      = "${local.runtime} jsonPayload.message=\"swept\""
    }
    changes-of-holder = {
      description = "Addresses that were allocated, moved or released."
      filter      = "${local.audit_log} jsonPayload.action=(\"allocate\" OR \"move\" OR \"release\")"
    }
    refused-routes = {
      description = "Routes that lost Accepted, or never had it."
      filter      = "${local.audit_log} jsonPayload.action=\"refuse\" jsonPayload.outcome=\"refused\""
    }
    silent-agents = {
      description = "Holders whose node's agent has not answered for two minutes."
      filter      = "${local.audit_log} jsonPayload.action=\"condition\" jsonPayload.outcome=\"AgentSilent\""
    }
    left-to-people = {
      description = "What only a person can judge: resources without a record, routes with a mark of GKE's. Said again, it counts again."
      filter      = "${local.audit_log} jsonPayload.action=\"refuse\" NOT jsonPayload.outcome=\"refused\""
    }
  }

  # Fields of the entry's payload by which a counter can be told apart; the cluster is the entry's resource.
  counter_labels = {
    changes-of-holder = { action = "allocate, move or release" }
  }

  distributions = {
    move-latency = {
      description = "From the event to the decision that moved the addresses."
      unit        = "ms"
      filter      = "${local.audit_log} jsonPayload.action=\"move\""
      extractor   = "EXTRACT(jsonPayload.latencyMs)"
    }
    longest-unready = {
      description = "How long the route that waits longest is not Ready, at each sweep."
      unit        = "s"
      filter      = "${local.runtime} jsonPayload.message=\"swept\""
      extractor   = "EXTRACT(jsonPayload.longestUnreadySeconds)"
    }
  }

  metric_types = merge(
    { for key, metric in google_logging_metric.counter : key => "logging.googleapis.com/user/${metric.name}" },
    { for key, metric in google_logging_metric.distribution : key => "logging.googleapis.com/user/${metric.name}" },
  )
}

resource "google_logging_metric" "counter" {
  for_each = local.counters

  project     = var.project
  name        = "${var.name}/${each.key}"
  description = each.value.description
  filter      = each.value.filter

  label_extractors = { for label in keys(lookup(local.counter_labels, each.key, {})) : label => "EXTRACT(jsonPayload.${label})" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    dynamic "labels" {
      for_each = lookup(local.counter_labels, each.key, {})

      content {
        key         = labels.key
        value_type  = "STRING"
        description = labels.value
      }
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_logging_metric" "distribution" {
  for_each = local.distributions

  project         = var.project
  name            = "${var.name}/${each.key}"
  description     = each.value.description
  filter          = each.value.filter
  value_extractor = each.value.extractor

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value.unit
  }

  # 1 to some 10^6, each bucket a quarter wider than the one before.
  bucket_options {
    exponential_buckets {
      num_finite_buckets = 62
      growth_factor      = 1.25
      scale              = 1
    }
  }

  depends_on = [google_project_service.this]
}

locals {
  alerts = {
    dead-letters = {
      title     = "Dead letters"
      severity  = "ERROR"
      filter    = "resource.type=\"pubsub_subscription\" metric.type=\"pubsub.googleapis.com/subscription/num_undelivered_messages\" resource.labels.subscription_id=one_of(${join(",", [for s in values(google_pubsub_subscription.dead_letters) : "\"${s.name}\""])})"
      aligner   = "ALIGN_MAX"
      reducer   = "REDUCE_NONE"
      period    = "60s"
      threshold = 0
      duration  = "0s"
      advice    = "A message was delivered ${var.dead_letter_after} times in vain. The sweep repeats what it asked for, so addresses are not lost; the reason is in the function's log (\"delivery to be repeated\", \"fault in a function\"). Read the letters: gcloud pubsub subscriptions pull SUBSCRIPTION --auto-ack"
    }
    not-ready = {
      title     = "A route is not Ready for ${var.alerts.not_ready_minutes} minutes"
      severity  = "WARNING"
      filter    = "resource.type=\"cloud_run_revision\" metric.type=\"${local.metric_types["longest-unready"]}\""
      aligner   = "ALIGN_PERCENTILE_99"
      reducer   = "REDUCE_MAX"
      period    = "120s"
      threshold = var.alerts.not_ready_minutes * 60
      duration  = "0s"
      advice    = "Its conditions say why, and what to do: kubectl get gkeiproutes -A; kubectl describe gkeiproute NAME. NoPodsFound: no Pod of its selector is ready."
    }
    move-latency = {
      title     = "Moves take long"
      severity  = "WARNING"
      filter    = "resource.type=\"k8s_cluster\" metric.type=\"${local.metric_types["move-latency"]}\""
      aligner   = "ALIGN_PERCENTILE_95"
      reducer   = "REDUCE_MAX"
      period    = "300s"
      threshold = var.alerts.move_latency_ms
      duration  = "0s"
      advice    = "From an event to the decision. Look at the age of the oldest message of ${var.name}-cluster-events and ${var.name}-requests, and at instances against their maximum."
    }
    unauthorised-pushes = {
      title     = "Unauthorised calls of a function"
      severity  = "WARNING"
      filter    = "resource.type=\"cloud_run_revision\" metric.type=\"${local.metric_types["unauthorised-pushes"]}\""
      aligner   = "ALIGN_DELTA"
      reducer   = "REDUCE_SUM"
      period    = "300s"
      threshold = 0
      duration  = "0s"
      advice    = "Nobody but ${local.push_email} may call the functions. After a change of region, name or project number, tokens may be for another address: the log says why each was refused."
    }
  }
}

resource "google_monitoring_alert_policy" "threshold" {
  for_each = local.alerts

  project               = var.project
  display_name          = "${var.name}: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = var.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.threshold
      duration        = each.value.duration

      aggregations {
        alignment_period     = each.value.period
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
      }

      trigger {
        count = 1
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = each.value.advice
  }

  alert_strategy {
    auto_close = "86400s"
  }
}

resource "google_monitoring_alert_policy" "no_sweep" {
  project               = var.project
  display_name          = "${var.name}: No sweep for ${var.alerts.sweep_minutes} minutes"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = var.notification_channels
  user_labels           = var.labels

  conditions {
    display_name = "No sweep"

    condition_absent {
      filter   = "resource.type=\"cloud_run_revision\" metric.type=\"${local.metric_types["sweeps"]}\""
      duration = "${var.alerts.sweep_minutes * 60}s"

      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "What no event tells, the sweep finds: lost events, drift, and everything about time. Is the job ${var.name}-sweep enabled and can the function ${local.function_names["sweep"]} read the clusters (its log)?"
  }
}
