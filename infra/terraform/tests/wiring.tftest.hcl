# What is connected to what, in the usual case: one cluster in the project of the functions.

mock_provider "google" {
  source = "./tests/mocks"
}

override_resource {
  target = google_service_account.push
  values = {
    email  = "persistent-ip-push@my-project.iam.gserviceaccount.com"
    member = "serviceAccount:persistent-ip-push@my-project.iam.gserviceaccount.com"
  }
}

override_resource {
  target = google_service_account.inventory
  values = {
    email  = "persistent-ip-inventory@my-project.iam.gserviceaccount.com"
    member = "serviceAccount:persistent-ip-inventory@my-project.iam.gserviceaccount.com"
  }
}

override_resource {
  target = google_service_account.build
  values = {
    email  = "persistent-ip-build@my-project.iam.gserviceaccount.com"
    member = "serviceAccount:persistent-ip-build@my-project.iam.gserviceaccount.com"
    id     = "projects/my-project/serviceAccounts/persistent-ip-build@my-project.iam.gserviceaccount.com"
  }
}

override_resource {
  target = google_cloudfunctions2_function.sweep
  values = {
    service_config = { uri = "https://persistent-ip-sweep-idcwffc3yq-uc.a.run.app" }
  }
}

variables {
  project        = "my-project"
  region         = "us-central1"
  source_archive = "tests/archive.zip"
  clusters       = { prod = { location = "us-central1", name = "prod", node_tag = "gke-prod-node" } }
}

run "queues" {
  command = apply

  assert {
    condition     = sort(keys(google_pubsub_topic.this)) == tolist(["cluster-events", "compute-events", "requests", "sweeps"])
    error_message = "there are four topics"
  }
  assert {
    condition     = alltrue([for key, topic in google_pubsub_topic.this : google_pubsub_subscription.this[key].topic == topic.id])
    error_message = "every topic has its subscription"
  }
  assert {
    condition     = alltrue([for key, s in google_pubsub_subscription.this : s.dead_letter_policy[0].dead_letter_topic == google_pubsub_topic.dead_letters[key].id && s.dead_letter_policy[0].max_delivery_attempts == 10])
    error_message = "every subscription has a dead-letter topic of its own, after ten attempts"
  }
  assert {
    condition     = alltrue([for key, s in google_pubsub_subscription.dead_letters : s.topic == google_pubsub_topic.dead_letters[key].id && length(s.push_config) == 0 && s.message_retention_duration == "1209600s"])
    error_message = "every dead-letter topic has a subscription that keeps what lands there for 14 days"
  }
  assert {
    condition     = alltrue([for s in concat(values(google_pubsub_subscription.this), values(google_pubsub_subscription.dead_letters)) : s.expiration_policy[0].ttl == ""])
    error_message = "no subscription expires"
  }
  assert {
    condition = alltrue([
      for key, m in google_pubsub_topic_iam_member.dead_letters :
      m.topic == google_pubsub_topic.dead_letters[key].name && m.role == "roles/pubsub.publisher" && m.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    ])
    error_message = "Pub/Sub's own agent may publish dead letters"
  }
  assert {
    condition = alltrue([
      for key, m in google_pubsub_subscription_iam_member.dead_letters :
      m.subscription == google_pubsub_subscription.this[key].name && m.role == "roles/pubsub.subscriber" && m.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    ]) && keys(google_pubsub_subscription_iam_member.dead_letters) == keys(google_pubsub_subscription.this)
    error_message = "Pub/Sub's own agent may take dead letters off each subscription"
  }
  assert {
    condition     = [for key, s in google_pubsub_subscription.this : key if s.enable_message_ordering] == ["requests"]
    error_message = "requests are ordered by object, entries of sinks have no key"
  }
  assert {
    condition     = alltrue([for s in values(google_pubsub_subscription.this) : s.retry_policy[0].minimum_backoff == "1s" && s.retry_policy[0].maximum_backoff == "30s"])
    error_message = "a nacked message holds its key for 30 s at most"
  }
  assert {
    condition = alltrue([
      for key, s in google_pubsub_subscription.this : s.ack_deadline_seconds ==
      (key == "sweeps" ? google_cloudfunctions2_function.sweep : google_cloudfunctions2_function.this[local.queues[key].function]).service_config[0].timeout_seconds + 10
    ])
    error_message = "Pub/Sub waits ten seconds longer than the function works"
  }
}

run "pushes" {
  command = apply

  assert {
    condition = jsonencode({ for key, s in google_pubsub_subscription.this : key => s.push_config[0].push_endpoint }) == jsonencode({
      cluster-events = "https://persistent-ip-on-cluster-event-123456789012.us-central1.run.app"
      compute-events = "https://persistent-ip-on-compute-event-123456789012.us-central1.run.app"
      requests       = "https://persistent-ip-reconcile-123456789012.us-central1.run.app"
      sweeps         = "https://persistent-ip-sweep-123456789012.us-central1.run.app"
    })
    error_message = "each queue is pushed to its function, at Cloud Run's deterministic URL"
  }
  assert {
    condition = alltrue([
      for s in values(google_pubsub_subscription.this) :
      s.push_config[0].oidc_token[0].audience == s.push_config[0].push_endpoint &&
      s.push_config[0].oidc_token[0].service_account_email == "persistent-ip-push@my-project.iam.gserviceaccount.com"
    ])
    error_message = "each push proves who pushes and to whom"
  }
  assert {
    condition = (
      google_service_account_iam_member.push_token.service_account_id == google_service_account.push.name &&
      google_service_account_iam_member.push_token.role == "roles/iam.serviceAccountOpenIdTokenCreator" &&
      google_service_account_iam_member.push_token.member == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    )
    error_message = "Pub/Sub may sign as the push identity, and as no other"
  }
  assert {
    condition = alltrue([
      for key, m in google_cloud_run_v2_service_iam_member.push :
      m.role == "roles/run.invoker" && m.member == "serviceAccount:persistent-ip-push@my-project.iam.gserviceaccount.com" && m.name == "persistent-ip-${key}"
    ]) && sort(keys(google_cloud_run_v2_service_iam_member.push)) == tolist(["on-cluster-event", "on-compute-event", "reconcile", "sweep"])
    error_message = "the push identity, and nobody else, may call each function"
  }
}

run "functions" {
  command = apply

  assert {
    condition = alltrue([
      for f in concat(values(google_cloudfunctions2_function.this), [google_cloudfunctions2_function.sweep]) :
      f.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY" &&
      f.service_config[0].service_account_email == "persistent-ip@my-project.iam.gserviceaccount.com" &&
      f.build_config[0].runtime == "nodejs24" &&
      f.build_config[0].service_account == "projects/my-project/serviceAccounts/persistent-ip-build@my-project.iam.gserviceaccount.com" &&
      f.build_config[0].source[0].storage_source[0].object == google_storage_bucket_object.source.name &&
      length(f.event_trigger) == 0
    ])
    error_message = "every function is reached from within only, has its three identities apart, and is that archive"
  }
  assert {
    condition     = google_storage_bucket_object.source.name == "persistent-ip-${filesha256("tests/archive.zip")}.zip"
    error_message = "the archive's digest is its name"
  }
  assert {
    condition     = google_cloudfunctions2_function.sweep.service_config[0].max_instance_count == 1 && google_cloudfunctions2_function.sweep.service_config[0].max_instance_request_concurrency == 1
    error_message = "two sweeps never overlap"
  }
  assert {
    condition     = jsondecode(google_cloudfunctions2_function.this["on-compute-event"].service_config[0].environment_variables.PERSISTENT_IP_CONFIG) == jsondecode(file("tests/expected/config.json"))
    error_message = "the configuration is tests/expected/config.json, which functions/config.ts reads in test/infra/terraform"
  }
  assert {
    condition = alltrue([
      for f in [google_cloudfunctions2_function.this["on-cluster-event"], google_cloudfunctions2_function.this["reconcile"], google_cloudfunctions2_function.sweep] :
      jsondecode(f.service_config[0].environment_variables.PERSISTENT_IP_CONFIG).clusters == jsondecode(file("tests/expected/config.json")).clusters
    ])
    error_message = "all functions know the same clusters"
  }
  assert {
    condition     = google_storage_bucket.source.public_access_prevention == "enforced" && google_storage_bucket.source.uniform_bucket_level_access
    error_message = "the archive is not public"
  }
}

run "inventory" {
  command = apply

  variables {
    readers = ["group:ops@example.com"]
  }

  assert {
    condition = (
      google_cloudfunctions2_function.inventory.service_config[0].service_account_email == "persistent-ip-inventory@my-project.iam.gserviceaccount.com" &&
      google_cloudfunctions2_function.inventory.service_config[0].ingress_settings == "ALLOW_ALL"
    )
    error_message = "people reach the inventory, which is not the functions' account"
  }
  assert {
    condition     = [for m in values(google_cloud_run_v2_service_iam_member.reader) : "${m.member} ${m.role} ${m.name}"] == ["group:ops@example.com roles/run.invoker persistent-ip-inventory"]
    error_message = "those who are named, and nobody else, may call it"
  }
  assert {
    condition     = google_project_iam_custom_role.connect["my-project"].permissions == toset(["container.clusters.connect"]) && google_project_iam_member.connect["my-project"].member == "serviceAccount:persistent-ip-inventory@my-project.iam.gserviceaccount.com"
    error_message = "it may reach the control planes, and has no right on Compute Engine"
  }
  assert {
    condition     = strcontains(google_project_iam_member.connect["my-project"].condition[0].expression, "clusters/prod")
    error_message = "of control planes, those that are configured"
  }
  assert {
    condition     = alltrue([for permission in google_project_iam_custom_role.look["my-project"].permissions : can(regex("[.](get|list)$", permission))]) && contains(google_project_iam_custom_role.look["my-project"].permissions, "compute.instances.get")
    error_message = "the inventory sees what the functions see, and changes nothing"
  }
  assert {
    condition     = google_project_iam_custom_role.history.permissions == toset(["logging.logEntries.list"]) && google_project_iam_member.history.member == google_service_account.inventory.member
    error_message = "the inventory reads the audit log back, and no other account does"
  }
  assert {
    condition     = !strcontains(google_logging_metric.counter["unauthorised-pushes"].filter, "persistent-ip-inventory") && strcontains(google_logging_metric.counter["faults"].filter, "persistent-ip-inventory")
    error_message = "strangers whom the inventory refuses are no alert, its faults count"
  }
  assert {
    condition     = jsondecode(output.configuration).deployment == "persistent-ip" && jsondecode(output.configuration).push.audiences["inventory"] == [output.inventory_url]
    error_message = "The command line is told what the functions are told."
  }

  assert {
    condition     = toset(keys(output.sinks)) == toset(["my-project/cluster-events", "my-project/system-events"])
    error_message = "persistent-ip doctor knows a sink's project and kind by its key: ${jsonencode(keys(output.sinks))}"
  }

  assert {
    condition     = toset(keys(output.subscriptions)) == toset(keys(output.topics)) && toset(keys(output.subscriptions)) == toset(keys(output.dead_letter_subscriptions))
    error_message = "Every queue has its subscription and its dead letters."
  }

  assert {
    condition     = output.inventory_url == "https://persistent-ip-inventory-123456789012.us-central1.run.app"
    error_message = "its address is known"
  }
}

run "an_inventory_behind_a_load_balancer" {
  command = apply

  variables {
    inventory_ingress = "load-balancer"
  }

  assert {
    condition     = google_cloudfunctions2_function.inventory.service_config[0].ingress_settings == "ALLOW_INTERNAL_AND_GCLB"
    error_message = "who forbids functions that are reached from everywhere has a way"
  }
}

run "a_project_of_a_domain" {
  command = apply

  variables {
    project = "example.com:my-project"
  }

  assert {
    condition     = google_storage_bucket.source.name == "example-com-my-project-persistent-ip-source"
    error_message = "the bucket's name is one that Cloud Storage takes without a proof of the domain"
  }
}

run "events" {
  command = apply

  assert {
    condition     = google_logging_project_sink.this["my-project/cluster-events"].filter == file("tests/expected/cluster-filter.txt")
    error_message = "the cluster sink's filter is the one text, as infra/sink/render.ts renders it"
  }
  assert {
    condition     = google_logging_project_sink.this["my-project/system-events"].filter == file("tests/expected/system-event-filter.txt")
    error_message = "the system event sink's filter is the one text, as infra/sink/render.ts renders it"
  }
  assert {
    condition     = sort(keys(google_logging_project_sink.this)) == tolist(["my-project/cluster-events", "my-project/system-events"])
    error_message = "Eventarc hears of its own project, no sink beside it"
  }
  assert {
    condition = alltrue([
      for key, sink in google_logging_project_sink.this :
      sink.unique_writer_identity && google_pubsub_topic_iam_member.sink[key].member == sink.writer_identity && google_pubsub_topic_iam_member.sink[key].role == "roles/pubsub.publisher"
    ])
    error_message = "each sink writes as an identity of its own, which may publish to its topic"
  }
  assert {
    condition = (
      google_logging_project_sink.this["my-project/cluster-events"].destination == "pubsub.googleapis.com/projects/my-project/topics/persistent-ip-cluster-events" &&
      google_logging_project_sink.this["my-project/system-events"].destination == "pubsub.googleapis.com/projects/my-project/topics/persistent-ip-compute-events"
    )
    error_message = "each sink feeds its topic"
  }
  assert {
    condition     = sort(flatten([for t in values(google_eventarc_trigger.compute) : [for c in t.matching_criteria : c.value if c.attribute == "methodName"]])) == sort(jsondecode(file("tests/expected/compute-methods.json")))
    error_message = "there is one trigger for each method of the closed list"
  }
  assert {
    condition = alltrue([
      for t in values(google_eventarc_trigger.compute) :
      t.location == "global" && t.service_account == "persistent-ip-push@my-project.iam.gserviceaccount.com" && length(t.matching_criteria) == 3 &&
      t.destination[0].cloud_run_service[0].service == "persistent-ip-on-compute-event" && length(t.name) <= 63
    ])
    error_message = "each trigger hears of every region and calls on-compute-event as the push identity"
  }
  assert {
    condition     = google_cloud_scheduler_job.sweep.schedule == "* * * * *" && google_cloud_scheduler_job.sweep.pubsub_target[0].topic_name == google_pubsub_topic.this["sweeps"].id
    error_message = "the sweep runs every minute"
  }
}

run "watching" {
  command = apply

  variables {
    notification_channels = ["projects/my-project/notificationChannels/1"]
  }

  assert {
    condition     = sort(keys(google_monitoring_alert_policy.threshold)) == tolist(["dead-letters", "move-latency", "not-ready", "unauthorised-pushes"])
    error_message = "there are alerts on dead letters, latency, readiness and strangers"
  }
  assert {
    condition = alltrue([
      for p in concat(values(google_monitoring_alert_policy.threshold), [google_monitoring_alert_policy.no_sweep]) :
      p.notification_channels == tolist(["projects/my-project/notificationChannels/1"]) && length(p.documentation[0].content) > 40
    ])
    error_message = "each alert goes to somebody and says what to do"
  }
  assert {
    condition     = google_monitoring_alert_policy.no_sweep.conditions[0].condition_absent[0].duration == "900s"
    error_message = "a sweep that does not run is noticed after 15 minutes"
  }
  assert {
    condition     = google_monitoring_alert_policy.threshold["not-ready"].conditions[0].condition_threshold[0].threshold_value == 600
    error_message = "a route may be not Ready for ten minutes"
  }
  assert {
    condition = alltrue([
      for key, s in google_pubsub_subscription.dead_letters :
      strcontains(google_monitoring_alert_policy.threshold["dead-letters"].conditions[0].condition_threshold[0].filter, "\"${s.name}\"")
    ])
    error_message = "the alert looks at the dead letters of every queue"
  }
  assert {
    condition     = length(jsondecode(google_monitoring_dashboard.this.dashboard_json).mosaicLayout.tiles) == 9
    error_message = "the dashboard has nine charts"
  }
  assert {
    condition = (
      length(distinct([for tile in jsondecode(google_monitoring_dashboard.this.dashboard_json).mosaicLayout.tiles : "${try(tile.xPos, "none")} ${try(tile.yPos, "none")}"])) == 9 &&
      alltrue([for tile in jsondecode(google_monitoring_dashboard.this.dashboard_json).mosaicLayout.tiles : try(tile.xPos, 1) > 0 && try(tile.yPos, 1) > 0])
    )
    error_message = "each chart has its place, and none says 0, which Monitoring leaves out: every plan would find a change"
  }
}

# test/scenarios/metrics.test.ts holds what is in this file to the lines and entries that the functions write.
run "metrics" {
  command = apply

  assert {
    condition     = jsonencode(local.monitoring) == jsonencode(jsondecode(file("tests/expected/monitoring.json")))
    error_message = "write tests/expected/monitoring.json anew (npm run format lays it out): ${jsonencode(local.monitoring)}"
  }
}

run "no_history" {
  command = apply

  assert {
    condition     = length(google_bigquery_dataset.history) == 0 && length(google_logging_project_sink.history) == 0 && !contains(local.apis, "bigquery.googleapis.com")
    error_message = "nothing is kept in BigQuery unless it is asked for"
  }
}

run "history" {
  command = apply

  variables {
    history_dataset = { name = "persistent_ip", location = "EU" }
  }

  assert {
    condition = (
      google_logging_project_sink.history["this"].destination == "bigquery.googleapis.com/projects/my-project/datasets/persistent_ip" &&
      google_logging_project_sink.history["this"].filter == "logName=\"projects/my-project/logs/persistent-ip-audit\"" &&
      google_logging_project_sink.history["this"].bigquery_options[0].use_partitioned_tables
    )
    error_message = "the audit log, and no other, goes to the dataset"
  }
  assert {
    condition = (
      google_bigquery_dataset_iam_member.history["this"].role == "roles/bigquery.dataEditor" &&
      google_bigquery_dataset_iam_member.history["this"].member == google_logging_project_sink.history["this"].writer_identity &&
      !google_bigquery_dataset.history["this"].delete_contents_on_destroy &&
      contains(local.apis, "bigquery.googleapis.com")
    )
    error_message = "the sink may write there, and Terraform never deletes what it wrote"
  }
}

run "history_with_a_bad_name" {
  command = plan

  variables {
    history_dataset = { name = "persistent-ip", location = "EU" }
  }

  expect_failures = [var.history_dataset]
}
