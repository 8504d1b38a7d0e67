mock_data "google_project" {
  defaults = { number = "123456789012" }
}

mock_data "google_container_cluster" {
  defaults = {
    network           = "projects/my-project/global/networks/default"
    subnetwork        = "projects/my-project/regions/us-central1/subnetworks/default"
    datapath_provider = "ADVANCED_DATAPATH"
    node_locations    = ["us-central1-a", "us-central1-b"]
    control_plane_endpoints_config = [{
      dns_endpoint_config = [{
        allow_external_traffic = true
        endpoint               = "gke-abc.us-central1.gke.goog"
      }]
    }]
    node_pool = []
  }
}

mock_resource "google_service_account" {
  defaults = {
    email  = "persistent-ip@my-project.iam.gserviceaccount.com"
    member = "serviceAccount:persistent-ip@my-project.iam.gserviceaccount.com"
    id     = "projects/my-project/serviceAccounts/persistent-ip@my-project.iam.gserviceaccount.com"
  }
}

mock_resource "google_logging_project_sink" {
  defaults = { writer_identity = "serviceAccount:service-123456789012@gcp-sa-logging.iam.gserviceaccount.com" }
}
