# PERSISTENT_IP_CONFIG, which functions/config.ts reads: it has every field's meaning.

locals {
  # The platform's targets are names without hyphens; functions/register.ts registers these.
  entry_points = {
    on-cluster-event = "onClusterEvent"
    on-compute-event = "onComputeEvent"
    reconcile        = "reconcile"
    sweep            = "sweep"
    inventory        = "inventory"
  }

  function_names = { for name in keys(local.entry_points) : name => "${var.name}-${name}" }

  # What events push to; people read the inventory.
  event_functions = setsubtract(keys(local.entry_points), ["inventory"])

  # A function's environment cannot hold its own output. Cloud Run's deterministic URL is known before the service is:
  # https://SERVICE-PROJECT_NUMBER.REGION.run.app. Our own subscriptions push to it, with it as the token's audience.
  urls = {
    for name, service in local.function_names :
    name => "https://${service}-${data.google_project.this.number}.${var.region}.run.app"
  }

  # Eventarc chooses the audience by itself: the service's URL as the API shows it, which has a hash of the project and
  # is the same for all services of a project and region but for their names. So the sweep's tells on-compute-event's.
  eventarc_audience = replace(
    google_cloudfunctions2_function.sweep.service_config[0].uri,
    local.function_names["sweep"],
    local.function_names["on-compute-event"],
  )

  configuration = {
    deployment     = var.name
    project        = var.project
    serviceAccount = local.run_email
    requestsTopic  = "projects/${var.project}/topics/${var.name}-requests"
    requestsRegion = var.region
    movesPerMinute = var.moves_per_minute

    computeCallsPerSecond = var.compute_calls_per_second
    push = {
      audiences             = { for name, url in local.urls : name => [url] }
      emails                = [local.push_email]
      platformAuthenticates = true
    }
    clusters = [
      for cluster in values(local.clusters) : merge(
        {
          project         = cluster.project
          location        = cluster.location
          name            = cluster.name
          region          = cluster.region
          zones           = cluster.zones
          networkProject  = cluster.network_project
          network         = cluster.network
          subnetwork      = cluster.subnetwork
          moreSubnetworks = cluster.more_subnetworks
          endpoint        = cluster.endpoint
        },
        cluster.node_tag == null ? {} : { nodeTag = cluster.node_tag },
      )
    ]
  }

  environment = {
    PERSISTENT_IP_CONFIG = jsonencode(local.configuration)
    LOG_EXECUTION_ID     = "true"
    # The Functions Framework answers what it refuses itself (a body that is no JSON, a broken escape in a path) with a stack,
    # unless it is told where it runs.
    NODE_ENV = "production"
  }

  compute_event_configuration = merge(local.configuration, {
    push = merge(local.configuration.push, {
      audiences = merge(local.configuration.push.audiences, {
        on-compute-event = distinct([local.urls["on-compute-event"], local.eventarc_audience])
      })
    })
  })
}
