# An identity for each thing that is done: the functions run, events push, people read, Cloud Build builds.

locals {
  run_email   = google_service_account.run.email
  push_email  = google_service_account.push.email
  permissions = jsondecode(file("${path.module}/../rights/permissions.json"))

  own_clusters = {
    for project in local.cluster_projects : project => join("", [
      "(resource.type != \"container.googleapis.com/Cluster\" || resource.name in ",
      jsonencode([
        for cluster in values(local.clusters) :
        "projects/${cluster.project}/locations/${cluster.location}/clusters/${cluster.name}" if cluster.project == project
      ]),
      ")",
    ])
  }

  # Resource names of ours begin so (functions/persistent-ip/names.ts).
  prefix = "pip-"

  # IAM can tell the names of forwarding rules, backend services and firewall rules, not those of addresses and NEGs
  # (IAM, "Resource attributes for conditions"). A resource of another type, and a project that is listed, is let pass.
  own_names = join(" && ", [
    for type, collection in {
      "BackendService" = "backendServices"
      "Firewall"       = "firewalls"
      "ForwardingRule" = "forwardingRules"
    } :
    "(resource.type != \"compute.googleapis.com/${type}\" || resource.name.extract(\"/${collection}/{name}\").startsWith(\"${local.prefix}\"))"
  ])
}

resource "google_service_account" "run" {
  project      = var.project
  account_id   = var.name
  display_name = "Persistent IP functions"
  description  = "What the functions run as. The clusters know it by its e-mail address."

  depends_on = [google_project_service.this]
}

resource "google_service_account" "push" {
  project      = var.project
  account_id   = "${var.name}-push"
  display_name = "Persistent IP events"
  description  = "What Pub/Sub and Eventarc call the functions as, and nobody else."

  depends_on = [google_project_service.this]
}

resource "google_service_account" "build" {
  project      = var.project
  account_id   = "${var.name}-build"
  display_name = "Persistent IP builds"
  description  = "What Cloud Build makes the functions' images as."

  depends_on = [google_project_service.this]
}

# --- Running: Compute Engine and the control planes, in the projects of the clusters

resource "google_project_iam_custom_role" "project" {
  for_each = local.cluster_projects

  project     = each.value
  role_id     = replace(var.name, "-", "_")
  title       = "Persistent IP functions (${var.name})"
  description = "What the functions call Compute Engine and the clusters' control planes with. infra/README.md explains each permission."
  permissions = setunion(local.permissions.project, local.permissions.cluster)
}

resource "google_project_iam_member" "project" {
  for_each = local.cluster_projects

  project = each.value
  role    = google_project_iam_custom_role.project[each.value].name
  member  = "serviceAccount:${local.run_email}"

  condition {
    title       = "own resources, configured clusters"
    description = "Resources whose name IAM can tell must be ours; control planes must be those that are configured."
    expression  = "${local.own_names} && ${local.own_clusters[each.value]}"
  }
}

# --- Running: the host projects of shared VPCs

resource "google_project_iam_custom_role" "network_project" {
  for_each = setsubtract(local.network_projects, local.cluster_projects)

  project     = each.value
  role_id     = "${replace(var.name, "-", "_")}_network"
  title       = "Persistent IP functions, network (${var.name})"
  description = "Firewall rules, networks and subnetworks of clusters in service projects. infra/README.md explains each permission."
  permissions = local.permissions.networkProject
}

resource "google_project_iam_member" "network_project" {
  for_each = google_project_iam_custom_role.network_project

  project = each.key
  role    = each.value.name
  member  = "serviceAccount:${local.run_email}"

  condition {
    title       = "own resources"
    description = "Resources whose name IAM can tell must be ours."
    expression  = local.own_names
  }
}

# --- Running and building: writing logs

resource "google_project_iam_custom_role" "log" {
  project     = var.project
  role_id     = "${replace(var.name, "-", "_")}_log"
  title       = "Persistent IP log (${var.name})"
  description = "Writing log entries, and nothing else."
  permissions = local.permissions.auditLog
}

resource "google_project_iam_member" "log" {
  for_each = {
    run   = google_service_account.run.member
    build = google_service_account.build.member
  }

  project = var.project
  role    = google_project_iam_custom_role.log.name
  member  = each.value
}

# --- Running: publishing requests, to that one topic

resource "google_pubsub_topic_iam_member" "requests" {
  project = var.project
  topic   = google_pubsub_topic.this["requests"].name
  role    = "roles/pubsub.publisher"
  member  = google_service_account.run.member
}

# --- Pushing: each function may be called by this identity alone

resource "google_cloud_run_v2_service_iam_member" "push" {
  for_each = local.event_functions

  project  = var.project
  location = var.region
  name     = local.function_names[each.value]
  role     = "roles/run.invoker"
  member   = google_service_account.push.member

  depends_on = [google_cloudfunctions2_function.this, google_cloudfunctions2_function.sweep]
}

# Pub/Sub signs each push as this identity. Its agent's own role allows that, but not in projects that used Pub/Sub before
# April 2021.
resource "google_service_account_iam_member" "push_token" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = local.pubsub_agent

  # Pub/Sub makes its agent with the first topic of a project.
  depends_on = [google_pubsub_topic.this]
}

# Eventarc delivers audit entries to a trigger whose identity may receive events.
resource "google_project_iam_member" "event_receiver" {
  project = var.project
  role    = "roles/eventarc.eventReceiver"
  member  = google_service_account.push.member
}

# --- Building: read the source, write the image

resource "google_artifact_registry_repository_iam_member" "build" {
  project    = var.project
  location   = var.region
  repository = google_artifact_registry_repository.images.repository_id
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

resource "google_storage_bucket_iam_member" "build" {
  bucket = google_storage_bucket.source.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.build.member
}

# Cloud Functions copies the source into a bucket of its own, whose name it chooses.
resource "google_project_iam_member" "build_source" {
  project = var.project
  role    = "roles/storage.objectViewer"
  member  = google_service_account.build.member

  condition {
    title       = "sources of functions"
    description = "The bucket in which Cloud Functions keeps sources of this region."
    expression  = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-${data.google_project.this.number}-${var.region}\")"
  }
}
