# Where events come from. Everything here comes after its subscription and its function, so that no event meets a topic
# without a reader. The admin activity log is always on: no Data Access setting is needed.

locals {
  methods     = jsondecode(file("${path.module}/../sink/compute-methods.json"))
  activities  = flatten([for method in local.methods.activity : [for version in local.methods.versions : "${version}.${method}"]])
  quoted      = { for name, list in { activity = local.activities, system = local.methods.systemEvent } : name => join(" OR ", [for method in list : "\"${method}\""]) }
  topics_path = "pubsub.googleapis.com/projects/${var.project}/topics"

  # The repository's own texts, which the tests and the local cloud filter with as well.
  cluster_filters = {
    for project in local.cluster_projects : project => templatefile("${path.module}/../sink/cluster-filter.txt", {
      clusters = join(" OR ", [
        for cluster in values(local.clusters) :
        "(resource.labels.project_id=\"${cluster.project}\" AND resource.labels.location=\"${cluster.location}\" AND resource.labels.cluster_name=\"${cluster.name}\")"
        if cluster.project == project
      ])
      service_account = local.run_email
    })
  }

  # A sink stands in each project whose log it reads.
  sinks = merge(
    { for project in local.cluster_projects : "${project}/cluster-events" => {
      project     = project
      kind        = "cluster-events"
      topic       = "cluster-events"
      description = "Audit entries of clusters that routes may depend on."
      filter      = local.cluster_filters[project]
    } },
    { for project in local.cluster_projects : "${project}/system-events" => {
      project     = project
      kind        = "system-events"
      topic       = "compute-events"
      description = "What Compute Engine does to VMs by itself: preemption, host errors."
      filter      = templatefile("${path.module}/../sink/system-event-filter.txt", { methods = local.quoted.system })
    } },
    # In the host project of a shared VPC too: an internal address may be of it.
    { for project in setsubtract(setunion(local.cluster_projects, local.network_projects), [var.project]) : "${project}/compute-events" => {
      project     = project
      kind        = "compute-events"
      topic       = "compute-events"
      description = "What others do to the resources of addresses, where no Eventarc trigger can stand."
      filter = templatefile("${path.module}/../sink/compute-filter.txt", {
        methods         = local.quoted.activity
        service_account = local.run_email
      })
    } },
  )
}

resource "google_logging_project_sink" "this" {
  for_each = local.sinks

  project                = each.value.project
  name                   = "${var.name}-${each.value.kind}"
  description            = each.value.description
  destination            = "${local.topics_path}/${google_pubsub_topic.this[each.value.topic].name}"
  filter                 = each.value.filter
  unique_writer_identity = true

  depends_on = [google_pubsub_subscription.this, google_pubsub_subscription_iam_member.dead_letters]
}

resource "google_pubsub_topic_iam_member" "sink" {
  for_each = local.sinks

  project = var.project
  topic   = google_pubsub_topic.this[each.value.topic].name
  role    = "roles/pubsub.publisher"
  member  = google_logging_project_sink.this[each.key].writer_identity
}

# Eventarc knows no wildcard in a method's name: one trigger for each of a closed list. "global" hears of the resources
# of every zone and region.
resource "google_eventarc_trigger" "compute" {
  for_each = contains(local.cluster_projects, var.project) ? toset(local.activities) : toset([])

  project         = var.project
  location        = "global"
  name            = "${var.name}-${lower(replace(replace(each.value, ".compute.", "-"), ".", "-"))}"
  labels          = var.labels
  service_account = local.push_email

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.audit.log.v1.written"
  }
  matching_criteria {
    attribute = "serviceName"
    value     = "compute.googleapis.com"
  }
  matching_criteria {
    attribute = "methodName"
    value     = each.value
  }

  destination {
    cloud_run_service {
      service = local.function_names["on-compute-event"]
      region  = var.region
    }
  }

  depends_on = [
    google_cloud_run_v2_service_iam_member.push,
    google_project_iam_member.event_receiver,
  ]
}

# Last of all: the first sweep looks at everything, so whatever happened before the sinks could write is found.
resource "google_cloud_scheduler_job" "sweep" {
  project     = var.project
  region      = var.region
  name        = "${var.name}-sweep"
  description = "Every minute the routes that are not Ready, every five minutes all."
  schedule    = "* * * * *"
  time_zone   = "Etc/UTC"

  pubsub_target {
    topic_name = google_pubsub_topic.this["sweeps"].id
    data       = base64encode("sweep")
  }

  depends_on = [
    google_pubsub_subscription.this,
    google_pubsub_topic_iam_member.sink,
    google_eventarc_trigger.compute,
  ]
}
