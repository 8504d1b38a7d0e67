# A cluster in a service project on a network of a host project. The host is read from the cluster: the module puts a
# second, narrower role there, so whoever applies this needs the right to make roles and bindings in the host project.

variable "project" {
  description = "The service project: functions and cluster."
  type        = string
}

provider "google" {
  project = var.project
  region  = "us-central1"
}

module "persistent_ip" {
  source = "../.."

  project        = var.project
  region         = "us-central1"
  name           = "persistent-ip-shared"
  source_archive = "${path.module}/../../../../dist/functions.zip"

  clusters = {
    prod = { location = "us-central1", name = "prod", node_tag = "gke-prod-node" }
  }
}

# For the command line: terraform output -json persistent_ip > persistent-ip.json
output "persistent_ip" {
  value = module.persistent_ip
}
