# Several clusters, one of them in another project: its log sinks stand there, and so does the functions' role.

variable "project" {
  type = string
}

variable "other_project" {
  type = string
}

variable "on_call_email" {
  type = string
}

provider "google" {
  project = var.project
  region  = "europe-west1"
}

resource "google_monitoring_notification_channel" "on_call" {
  project      = var.project
  display_name = "On call"
  type         = "email"
  labels       = { email_address = var.on_call_email }
}

module "persistent_ip" {
  source = "../.."

  project        = var.project
  region         = "europe-west1"
  source_archive = "${path.module}/../../../../dist/functions.zip"

  clusters = {
    blue  = { location = "europe-west1", name = "blue" }
    green = { location = "europe-west1-b", name = "green", node_tag = "gke-green-node" }
    edge  = { project = var.other_project, location = "europe-west4", name = "edge" }
  }

  functions = {
    reconcile = { min_instances = 1, max_instances = 40 }
  }

  notification_channels = [google_monitoring_notification_channel.on_call.id]
  alerts                = { not_ready_minutes = 5, move_latency_ms = 5000 }
}

# For the command line: terraform output -json persistent_ip > persistent-ip.json
output "persistent_ip" {
  value = module.persistent_ip
}
