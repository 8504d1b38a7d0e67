# What people read: pools and routes as JSON. It stands apart from the functions that events call: another identity, which
# may reach the control planes and, behind them and at Compute Engine, only read; no topic.

resource "google_service_account" "inventory" {
  project      = var.project
  account_id   = "${var.name}-inventory"
  display_name = "Persistent IP inventory"
  description  = "What the inventory runs as. The clusters know it by its e-mail address."

  depends_on = [google_project_service.this]
}

resource "google_project_iam_custom_role" "connect" {
  for_each = local.cluster_projects

  project     = each.value
  role_id     = "${replace(var.name, "-", "_")}_connect"
  title       = "Persistent IP inventory (${var.name})"
  description = "Reaching the clusters' control planes; RBAC says what may be read there."
  permissions = local.permissions.cluster
}

resource "google_project_iam_member" "connect" {
  for_each = local.cluster_projects

  project = each.value
  role    = google_project_iam_custom_role.connect[each.value].name
  member  = google_service_account.inventory.member

  condition {
    title       = "configured clusters"
    description = "Control planes must be those that are configured."
    expression  = local.own_clusters[each.value]
  }
}

# A route is explained by what the reconciler sees: of the functions' own permissions, those that read.
locals {
  reads = {
    for name in ["project", "networkProject"] :
    name => [for permission in local.permissions[name] : permission if can(regex("[.](get|list)$", permission))]
  }
}

resource "google_project_iam_custom_role" "look" {
  for_each = setunion(local.cluster_projects, local.network_projects)

  project     = each.value
  role_id     = "${replace(var.name, "-", "_")}_look"
  title       = "Persistent IP inventory, reading (${var.name})"
  description = "Seeing what the reconciler sees, to explain a route."
  permissions = contains(local.cluster_projects, each.value) ? local.reads.project : local.reads.networkProject
}

resource "google_project_iam_member" "look" {
  for_each = google_project_iam_custom_role.look

  project = each.key
  role    = each.value.name
  member  = google_service_account.inventory.member
}

# Who held an address stands in the audit log. Logging's rights know projects and not single logs: where the project holds
# other logs that the inventory's account may not read, give the deployment a project of its own.
resource "google_project_iam_custom_role" "history" {
  project     = var.project
  role_id     = "${replace(var.name, "-", "_")}_history"
  title       = "Persistent IP history (${var.name})"
  description = "Reading the audit log back."
  permissions = local.permissions.history
}

resource "google_project_iam_member" "history" {
  project = var.project
  role    = google_project_iam_custom_role.history.name
  member  = google_service_account.inventory.member
}

resource "google_cloudfunctions2_function" "inventory" {
  project  = var.project
  location = var.region
  name     = local.function_names["inventory"]
  labels   = var.labels

  build_config {
    runtime           = "nodejs24"
    entry_point       = local.entry_points["inventory"]
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
    service_account_email = google_service_account.inventory.email
    # The invoker right decides in either case: those alone whom readers names.
    ingress_settings                 = { all = "ALLOW_ALL", internal = "ALLOW_INTERNAL_ONLY", load-balancer = "ALLOW_INTERNAL_AND_GCLB" }[var.inventory_ingress]
    available_memory                 = var.functions.inventory.memory
    available_cpu                    = var.functions.inventory.cpu
    timeout_seconds                  = var.functions.inventory.timeout_seconds
    max_instance_request_concurrency = var.functions.inventory.concurrency
    min_instance_count               = var.functions.inventory.min_instances
    max_instance_count               = var.functions.inventory.max_instances
    environment_variables            = local.environment
  }

  depends_on = [
    google_artifact_registry_repository_iam_member.build,
    google_storage_bucket_iam_member.build,
    google_project_iam_member.build_source,
    google_project_iam_member.log,
    google_project_iam_member.connect,
    google_project_iam_member.look,
    google_project_iam_member.history,
  ]
}

resource "google_cloud_run_v2_service_iam_member" "reader" {
  for_each = toset(var.readers)

  project  = var.project
  location = var.region
  name     = local.function_names["inventory"]
  role     = "roles/run.invoker"
  member   = each.value

  depends_on = [google_cloudfunctions2_function.inventory]
}
