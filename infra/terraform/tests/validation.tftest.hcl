# What the module refuses, before anything is planned.

mock_provider "google" {
  source = "./tests/mocks"
}

variables {
  project        = "my-project"
  region         = "us-central1"
  source_archive = "tests/archive.zip"
  clusters       = { prod = { location = "us-central1", name = "prod" } }
}

run "a_number_is_no_project" {
  command = plan
  variables {
    project = "123456"
  }
  expect_failures = [var.project]
}

run "a_zone_is_no_region" {
  command = plan
  variables {
    region = "us-central1-a"
  }
  expect_failures = [var.region]
}

run "a_short_name" {
  command = plan
  variables {
    name = "pip"
  }
  expect_failures = [var.name]
}

run "a_long_name" {
  command = plan
  variables {
    name = "a-name-that-is-much-too-long"
  }
  expect_failures = [var.name]
}

run "a_name_with_capitals" {
  command = plan
  variables {
    name = "Persistent"
  }
  expect_failures = [var.name]
}

run "no_cluster" {
  command = plan
  variables {
    clusters = {}
  }
  expect_failures = [var.clusters]
}

run "a_location_that_is_none" {
  command = plan
  variables {
    clusters = { prod = { location = "europe", name = "prod" } }
  }
  expect_failures = [var.clusters]
}

run "a_path_as_a_cluster_name" {
  command = plan
  variables {
    clusters = { prod = { location = "us-central1", name = "projects/p/clusters/prod" } }
  }
  expect_failures = [var.clusters]
}

run "one_cluster_twice" {
  command = plan
  variables {
    clusters = { a = { location = "us-central1", name = "prod" }, b = { location = "us-central1", name = "prod" } }
  }
  expect_failures = [var.clusters]
}

run "one_cluster_twice_once_with_its_project" {
  command = plan
  variables {
    clusters = { a = { location = "us-central1", name = "prod" }, b = { project = "my-project", location = "us-central1", name = "prod" } }
  }
  expect_failures = [var.clusters]
}

run "the_number_of_a_clusters_project" {
  command = plan
  variables {
    clusters = { prod = { project = "123456789012", location = "us-central1", name = "prod" } }
  }
  expect_failures = [var.clusters]
}

run "two_tags_in_one" {
  command = plan
  variables {
    clusters = { prod = { location = "us-central1", name = "prod", node_tag = "one,two" } }
  }
  expect_failures = [var.clusters]
}

run "a_range_as_a_subnetwork" {
  command = plan
  variables {
    clusters = { prod = { location = "us-central1", name = "prod", more_subnetworks = ["10.0.0.0/24"] } }
  }
  expect_failures = [var.clusters]
}

run "a_label_with_capitals" {
  command = plan
  variables {
    labels = { Team = "network" }
  }
  expect_failures = [var.labels]
}

run "a_dataset_nowhere" {
  command = plan
  variables {
    history_dataset = { name = "history", location = "Europe" }
  }
  expect_failures = [var.history_dataset]
}

run "no_archive" {
  command = plan
  variables {
    source_archive = "tests/none.zip"
  }
  expect_failures = [var.source_archive]
}

run "a_timeout_below_the_budget" {
  command = plan
  variables {
    functions = { reconcile = { timeout_seconds = 30 } }
  }
  expect_failures = [var.functions]
}

run "a_timeout_beyond_the_ack_deadline" {
  command = plan
  variables {
    functions = { sweep = { timeout_seconds = 600 } }
  }
  expect_failures = [var.functions]
}

run "a_sweep_without_the_time_it_takes" {
  command = plan
  variables {
    functions = { sweep = { timeout_seconds = 240 } }
  }
  expect_failures = [var.functions]
}

run "memory_without_a_unit" {
  command = plan
  variables {
    functions = { sweep = { memory = "512" } }
  }
  expect_failures = [var.functions]
}

run "cpu_as_a_word" {
  command = plan
  variables {
    functions = { sweep = { cpu = "one" } }
  }
  expect_failures = [var.functions]
}

run "concurrency_on_half_a_cpu" {
  command = plan
  variables {
    functions = { reconcile = { cpu = "0.5" } }
  }
  expect_failures = [var.functions]
}

run "fewer_instances_than_the_least" {
  command = plan
  variables {
    functions = { reconcile = { min_instances = 3, max_instances = 2 } }
  }
  expect_failures = [var.functions]
}

run "everybody_is_no_reader" {
  command = plan
  variables {
    readers = ["allAuthenticatedUsers"]
  }
  expect_failures = [var.readers]
}

run "an_ingress_by_the_platforms_name" {
  command = plan
  variables {
    inventory_ingress = "ALLOW_ALL"
  }
  expect_failures = [var.inventory_ingress]
}

run "a_single_move" {
  command = plan
  variables {
    moves_per_minute = 1
  }
  expect_failures = [var.moves_per_minute]
}

run "more_moves_than_a_record_holds" {
  command = plan
  variables {
    moves_per_minute = 13
  }
  expect_failures = [var.moves_per_minute]
}

run "half_a_move" {
  command = plan
  variables {
    moves_per_minute = 2.5
  }
  expect_failures = [var.moves_per_minute]
}

run "fewer_calls_than_a_look_takes" {
  command = plan
  variables {
    compute_calls_per_second = 9
  }
  expect_failures = [var.compute_calls_per_second]
}

run "more_calls_than_any_quota" {
  command = plan
  variables {
    compute_calls_per_second = 1001
  }
  expect_failures = [var.compute_calls_per_second]
}

run "half_a_call" {
  command = plan
  variables {
    compute_calls_per_second = 50.5
  }
  expect_failures = [var.compute_calls_per_second]
}

run "too_few_attempts" {
  command = plan
  variables {
    dead_letter_after = 4
  }
  expect_failures = [var.dead_letter_after]
}

run "too_many_attempts" {
  command = plan
  variables {
    dead_letter_after = 101
  }
  expect_failures = [var.dead_letter_after]
}

run "dead_letters_for_too_long" {
  command = plan
  variables {
    dead_letter_retention_days = 32
  }
  expect_failures = [var.dead_letter_retention_days]
}

run "a_channel_that_is_an_address" {
  command = plan
  variables {
    notification_channels = ["ops@example.com"]
  }
  expect_failures = [var.notification_channels]
}

run "an_alert_before_an_agent_answers" {
  command = plan
  variables {
    alerts = { not_ready_minutes = 1 }
  }
  expect_failures = [var.alerts]
}

run "an_absence_that_monitoring_cannot_notice" {
  command = plan
  variables {
    alerts = { sweep_minutes = 2000 }
  }
  expect_failures = [var.alerts]
}

run "no_latency_is_fast_enough" {
  command = plan
  variables {
    alerts = { move_latency_ms = 0 }
  }
  expect_failures = [var.alerts]
}

run "a_cluster_without_dns_endpoint" {
  command = plan
  override_data {
    target = data.google_container_cluster.this["prod"]
    values = {
      control_plane_endpoints_config = [{ dns_endpoint_config = [{ allow_external_traffic = false, endpoint = "gke-abc.us-central1.gke.goog" }] }]
    }
  }
  expect_failures = [data.google_container_cluster.this["prod"]]
}

run "a_cluster_without_dataplane_v2" {
  command = plan
  override_data {
    target = data.google_container_cluster.this["prod"]
    values = { datapath_provider = "LEGACY_DATAPATH" }
  }
  expect_failures = [data.google_container_cluster.this["prod"]]
}

# The service account's address is known at apply only, and with it the length of the configuration.
run "more_clusters_than_an_environment_can_hold" {
  command = apply
  variables {
    clusters = { for i in range(130) : "c${i}" => { location = "us-central1", name = "a-cluster-with-a-long-name-${i}" } }
  }
  expect_failures = [google_cloudfunctions2_function.this]
}
