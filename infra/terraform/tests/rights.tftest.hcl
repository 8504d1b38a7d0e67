# Who may do what: the lists of infra/rights/permissions.json, and nothing broader.

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

override_data {
  target = data.google_container_cluster.this["shared"]
  values = {
    network                        = "projects/host-project/global/networks/vpc"
    subnetwork                     = "projects/host-project/regions/europe-west1/subnetworks/nodes"
    datapath_provider              = "ADVANCED_DATAPATH"
    node_locations                 = ["europe-west1-c"] # the provider leaves the cluster's own zone out
    control_plane_endpoints_config = [{ dns_endpoint_config = [{ allow_external_traffic = true, endpoint = "gke-def.europe-west1.gke.goog" }] }]
  }
}

variables {
  project        = "my-project"
  region         = "us-central1"
  source_archive = "tests/archive.zip"
  clusters = {
    prod   = { location = "us-central1", name = "prod" }
    shared = { project = "team-project", location = "europe-west1-b", name = "shared", more_subnetworks = ["extra"] }
  }
}

run "roles" {
  command = apply

  assert {
    condition     = sort(keys(google_project_iam_custom_role.project)) == tolist(["my-project", "team-project"])
    error_message = "the role stands in each project that has a cluster"
  }
  assert {
    condition = alltrue([
      for role in values(google_project_iam_custom_role.project) :
      role.permissions == toset(concat(jsondecode(file("../rights/permissions.json")).project, jsondecode(file("../rights/permissions.json")).cluster))
    ])
    error_message = "the role has the permissions of the one list"
  }
  assert {
    condition     = keys(google_project_iam_custom_role.network_project) == ["host-project"] && google_project_iam_custom_role.network_project["host-project"].permissions == toset(jsondecode(file("../rights/permissions.json")).networkProject)
    error_message = "a host project gets the narrower role"
  }
  assert {
    condition     = google_project_iam_custom_role.log.permissions == toset(["logging.logEntries.create"])
    error_message = "the log role writes entries and reads none"
  }
  assert {
    condition = alltrue([
      for m in concat(values(google_project_iam_member.project), values(google_project_iam_member.network_project)) :
      m.member == "serviceAccount:persistent-ip@my-project.iam.gserviceaccount.com" && strcontains(m.condition[0].expression, "startsWith(\"pip-\")")
    ])
    error_message = "each binding is the functions' alone and limited to our names where IAM knows names"
  }
  assert {
    condition     = strcontains(google_project_iam_member.project["team-project"].condition[0].expression, "resource.name in [\"projects/team-project/locations/europe-west1-b/clusters/shared\"]")
    error_message = "of control planes, the binding opens those that are configured"
  }
}

# test/infra/cli/persistent-ip/doctor/granted.test.ts holds what is in this file to what doctor asks for.
run "grants" {
  command = apply

  assert {
    condition = jsonencode({
      configuration = local.configuration
      inventory     = google_service_account.inventory.email
      grants        = local.grants
    }) == jsonencode(jsondecode(file("tests/expected/grants.json")))
    error_message = "write tests/expected/grants.json anew (npm run format lays it out): ${jsonencode({
      configuration = local.configuration
      inventory     = google_service_account.inventory.email
      grants        = local.grants
    })}"
  }
}

run "sinks_of_other_projects" {
  command = apply

  assert {
    condition     = sort([for key, sink in google_logging_project_sink.this : key if sink.project == "team-project"]) == tolist(["team-project/cluster-events", "team-project/compute-events", "team-project/system-events"])
    error_message = "another project gets its sinks, one of them for what Eventarc cannot hear there"
  }
  assert {
    condition     = [for key, sink in google_logging_project_sink.this : key if sink.project == "host-project"] == ["host-project/compute-events"]
    error_message = "a host project is listened to for its addresses"
  }
  assert {
    condition     = google_logging_project_sink.this["team-project/compute-events"].filter == file("tests/expected/compute-filter.txt")
    error_message = "the compute sink's filter is the one text, as infra/sink/render.ts renders it"
  }
  assert {
    condition     = strcontains(google_logging_project_sink.this["my-project/cluster-events"].filter, "\"prod\"") && !strcontains(google_logging_project_sink.this["my-project/cluster-events"].filter, "\"shared\"")
    error_message = "a sink asks for the clusters of its own project"
  }
}

run "facts_of_clusters" {
  command = apply

  assert {
    condition = jsonencode(output.clusters["shared"]) == jsonencode({
      project          = "team-project"
      location         = "europe-west1-b"
      name             = "shared"
      region           = "europe-west1"
      zones            = ["europe-west1-b", "europe-west1-c"]
      network_project  = "host-project"
      network          = "vpc"
      subnetwork       = "nodes"
      more_subnetworks = ["extra"]
      node_tag         = null
      endpoint         = "https://gke-def.europe-west1.gke.goog"
    })
    error_message = "the host project, network, subnetworks and zones come from the cluster, and its own zone counts"
  }
}

run "node_pools_elsewhere" {
  command = apply

  override_data {
    target = data.google_container_cluster.this["prod"]
    values = {
      network                        = "default"
      subnetwork                     = "default"
      datapath_provider              = "ADVANCED_DATAPATH"
      node_locations                 = ["us-central1-a"]
      control_plane_endpoints_config = [{ dns_endpoint_config = [{ allow_external_traffic = true, endpoint = "gke-abc.us-central1.gke.goog" }] }]
      node_pool = [
        { node_locations = ["us-central1-f"], network_config = [{ subnetwork = "projects/my-project/regions/us-central1/subnetworks/pool", additional_node_network_configs = [{ network = "n2", subnetwork = "second-nic" }] }] },
        { node_locations = ["us-central1-a"], network_config = [{ subnetwork = "", additional_node_network_configs = [] }] },
        { node_locations = ["us-central1-a"], network_config = [{ subnetwork = "default", additional_node_network_configs = [] }] },
      ]
    }
  }

  assert {
    condition     = output.clusters["prod"].zones == tolist(["us-central1-a", "us-central1-f"])
    error_message = "the zones of every node pool count"
  }
  assert {
    condition     = output.clusters["prod"].more_subnetworks == tolist(["pool", "second-nic"])
    error_message = "the subnetworks of node pools and of further interfaces count, the cluster's own does not"
  }
  assert {
    condition     = output.clusters["prod"].network_project == "my-project"
    error_message = "a network without a path is of the cluster's project"
  }
}
