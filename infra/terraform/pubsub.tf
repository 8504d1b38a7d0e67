# Four queues. Each has its dead letters: a topic, and a subscription that keeps what lands there.

locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"

  queues = {
    # Audit entries of the clusters, from the log sinks. Entries of a sink have no ordering key.
    cluster-events = {
      function        = "on-cluster-event"
      ordered         = false
      timeout_seconds = var.functions.on_cluster_event.timeout_seconds
    }
    # System events of Compute Engine, and audit entries of projects where no Eventarc trigger can stand.
    compute-events = {
      function        = "on-compute-event"
      ordered         = false
      timeout_seconds = var.functions.on_compute_event.timeout_seconds
    }
    # Reconcile requests: one object is worked on by one instance at a time.
    requests = {
      function        = "reconcile"
      ordered         = true
      timeout_seconds = var.functions.reconcile.timeout_seconds
    }
    sweeps = {
      function        = "sweep"
      ordered         = false
      timeout_seconds = var.functions.sweep.timeout_seconds
    }
  }
}

resource "google_pubsub_topic" "this" {
  for_each = local.queues

  project = var.project
  name    = "${var.name}-${each.key}"
  labels  = var.labels

  depends_on = [google_project_service.this]
}

resource "google_pubsub_topic" "dead_letters" {
  for_each = local.queues

  project = var.project
  name    = "${var.name}-${each.key}-dead-letters"
  labels  = var.labels

  depends_on = [google_project_service.this]
}

resource "google_pubsub_subscription" "dead_letters" {
  for_each = local.queues

  project                    = var.project
  name                       = "${var.name}-${each.key}-dead-letters"
  topic                      = google_pubsub_topic.dead_letters[each.key].id
  labels                     = var.labels
  message_retention_duration = "${var.dead_letter_retention_days * 86400}s"

  # Never: a subscription that nobody reads would be deleted after 31 days, and with it the next dead letters.
  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_subscription" "this" {
  for_each = local.queues

  project                 = var.project
  name                    = "${var.name}-${each.key}"
  topic                   = google_pubsub_topic.this[each.key].id
  labels                  = var.labels
  enable_message_ordering = each.value.ordered
  ack_deadline_seconds    = each.value.timeout_seconds + 10

  push_config {
    push_endpoint = local.urls[each.value.function]

    oidc_token {
      service_account_email = local.push_email
      audience              = local.urls[each.value.function]
    }
  }

  retry_policy {
    minimum_backoff = "1s"
    maximum_backoff = "30s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters[each.key].id
    max_delivery_attempts = var.dead_letter_after
  }

  expiration_policy {
    ttl = ""
  }

  # Without its subscription and the agent's rights a dead letter is lost; without the function a push is an attempt.
  depends_on = [
    google_pubsub_subscription.dead_letters,
    google_pubsub_topic_iam_member.dead_letters,
    google_cloud_run_v2_service_iam_member.push,
    google_service_account_iam_member.push_token,
  ]
}

# Pub/Sub itself moves a message: it publishes to the dead-letter topic and takes it off the subscription.
resource "google_pubsub_topic_iam_member" "dead_letters" {
  for_each = local.queues

  project = var.project
  topic   = google_pubsub_topic.dead_letters[each.key].name
  role    = "roles/pubsub.publisher"
  member  = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  for_each = local.queues

  project      = var.project
  subscription = google_pubsub_subscription.this[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
