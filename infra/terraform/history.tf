# The audit log for years, for those who must answer for them: Cloud Logging keeps it for 30 days by itself. Off unless
# history_dataset names a dataset; docs/history.md has the query.

locals {
  history = var.history_dataset == null ? {} : { this = var.history_dataset }
}

resource "google_bigquery_dataset" "history" {
  for_each = local.history

  project     = var.project
  dataset_id  = each.value.name
  location    = each.value.location
  description = "Who held which persistent IP address, and when."
  labels      = var.labels

  # Terraform never deletes what is in it.
  delete_contents_on_destroy = false

  depends_on = [google_project_service.this]
}

resource "google_logging_project_sink" "history" {
  for_each = local.history

  project                = var.project
  name                   = "${var.name}-history"
  description            = "Every entry of the audit log, kept in BigQuery."
  destination            = "bigquery.googleapis.com/projects/${var.project}/datasets/${google_bigquery_dataset.history[each.key].dataset_id}"
  filter                 = "logName=\"projects/${var.project}/logs/persistent-ip-audit\""
  unique_writer_identity = true

  bigquery_options {
    use_partitioned_tables = true
  }
}

resource "google_bigquery_dataset_iam_member" "history" {
  for_each = local.history

  project    = var.project
  dataset_id = google_bigquery_dataset.history[each.key].dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_logging_project_sink.history[each.key].writer_identity
}
