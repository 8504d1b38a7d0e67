# One cluster in the project of the functions: the usual case.

variable "project" {
  type = string
}

provider "google" {
  project = var.project
  region  = "europe-west1"
}

module "persistent_ip" {
  source = "../.."

  project        = var.project
  region         = "europe-west1"
  source_archive = "${path.module}/../../../../dist/functions.zip"

  clusters = {
    prod = { location = "europe-west1", name = "prod" }
  }
}

# For the command line: terraform output -json persistent_ip > persistent-ip.json
output "persistent_ip" {
  value = module.persistent_ip
}
