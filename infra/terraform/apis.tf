locals {
  # The command line's doctor reads the same list.
  apis = concat(
    var.history_dataset == null ? [] : ["bigquery.googleapis.com"],
    jsondecode(file("${path.module}/apis.json")),
  )
}

resource "google_project_service" "this" {
  for_each = var.enable_apis ? toset(local.apis) : toset([])

  project            = var.project
  service            = each.value
  disable_on_destroy = false
}
