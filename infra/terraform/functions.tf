# The functions. Nobody may call them but the push identity, and nobody can reach them but Google Cloud from within.

locals {
  settings = {
    on-cluster-event = var.functions.on_cluster_event
    on-compute-event = var.functions.on_compute_event
    reconcile        = var.functions.reconcile
  }

  # The archive's own digest names it: an apply with the same archive changes nothing.
  source_object = "${var.name}-${filesha256(var.source_archive)}.zip"
}

# A project of an organisation's domain (example.com:project) has dots and colons in its ID, and a bucket must not.
resource "google_storage_bucket" "source" {
  project                     = var.project
  name                        = "${replace(var.project, "/[:.]/", "-")}-${var.name}-source"
  location                    = var.region
  labels                      = var.labels
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  # Archives only, which are made again from the repository.
  force_destroy = true

  depends_on = [google_project_service.this]
}

resource "google_storage_bucket_object" "source" {
  bucket = google_storage_bucket.source.name
  name   = local.source_object
  source = var.source_archive
}

resource "google_artifact_registry_repository" "images" {
  project       = var.project
  location      = var.region
  repository_id = var.name
  format        = "DOCKER"
  labels        = var.labels
  description   = "Images of the persistent IP functions."

  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"
    most_recent_versions {
      keep_count = 5
    }
  }

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_cloudfunctions2_function" "this" {
  for_each = local.settings

  project  = var.project
  location = var.region
  name     = local.function_names[each.key]
  labels   = var.labels

  build_config {
    runtime           = "nodejs24"
    entry_point       = local.entry_points[each.key]
    service_account   = google_service_account.build.id
    docker_repository = google_artifact_registry_repository.images.id

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.source.name
      }
    }
  }

  service_config {
    service_account_email            = local.run_email
    ingress_settings                 = "ALLOW_INTERNAL_ONLY"
    available_memory                 = each.value.memory
    available_cpu                    = each.value.cpu
    timeout_seconds                  = each.value.timeout_seconds
    max_instance_request_concurrency = each.value.concurrency
    min_instance_count               = each.value.min_instances
    max_instance_count               = each.value.max_instances

    environment_variables = merge(local.environment, each.key == "on-compute-event" ? {
      PERSISTENT_IP_CONFIG = jsonencode(local.compute_event_configuration)
    } : {})
  }

  # Far below that number of clusters the sink's filter has its 20,000 characters left.
  lifecycle {
    precondition {
      condition     = length(jsonencode(local.compute_event_configuration)) <= 30000
      error_message = "The configuration of ${length(var.clusters)} clusters is longer than an environment may be (32 KiB). Deploy a second module, with another name, for some of them."
    }
  }

  depends_on = [
    google_artifact_registry_repository_iam_member.build,
    google_storage_bucket_iam_member.build,
    google_project_iam_member.build_source,
    google_project_iam_member.log,
    google_project_iam_member.project,
    google_project_iam_member.network_project,
    google_pubsub_topic_iam_member.requests,
  ]
}

# By itself, for its address tells that of on-compute-event (configuration.tf).
resource "google_cloudfunctions2_function" "sweep" {
  project  = var.project
  location = var.region
  name     = local.function_names["sweep"]
  labels   = var.labels

  build_config {
    runtime           = "nodejs24"
    entry_point       = local.entry_points["sweep"]
    service_account   = google_service_account.build.id
    docker_repository = google_artifact_registry_repository.images.id

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.source.name
      }
    }
  }

  service_config {
    service_account_email            = local.run_email
    ingress_settings                 = "ALLOW_INTERNAL_ONLY"
    available_memory                 = var.functions.sweep.memory
    available_cpu                    = var.functions.sweep.cpu
    timeout_seconds                  = var.functions.sweep.timeout_seconds
    max_instance_request_concurrency = 1
    min_instance_count               = 0
    max_instance_count               = 1
    environment_variables            = local.environment
  }

  depends_on = [
    google_artifact_registry_repository_iam_member.build,
    google_storage_bucket_iam_member.build,
    google_project_iam_member.build_source,
    google_project_iam_member.log,
    google_project_iam_member.project,
    google_project_iam_member.network_project,
    google_pubsub_topic_iam_member.requests,
  ]
}
