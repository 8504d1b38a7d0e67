output "function_service_account" {
  description = "What the functions run as: the user that the clusters' RBAC names (FUNCTIONS_SERVICE_ACCOUNT_EMAIL in infra/kubernetes/rbac.yaml)."
  value       = local.run_email
}

output "inventory_service_account" {
  description = "What the inventory runs as: the user that the clusters' RBAC names (INVENTORY_SERVICE_ACCOUNT_EMAIL in infra/kubernetes/components/inventory)."
  value       = google_service_account.inventory.email
}

output "inventory_url" {
  description = "Where readers find /v1/pools and /v1/routes."
  value       = local.urls["inventory"]
}

output "push_service_account" {
  description = "What events call the functions as."
  value       = local.push_email
}

output "function_urls" {
  description = "Where each function is reached; all but the inventory from within Google Cloud only."
  value       = local.urls
}

output "topics" {
  description = "The topics by what they carry."
  value       = { for key, topic in google_pubsub_topic.this : key => topic.id }
}

output "dead_letter_subscriptions" {
  description = "Where dead letters are read: gcloud pubsub subscriptions pull ID."
  value       = { for key, subscription in google_pubsub_subscription.dead_letters : key => subscription.id }
}

output "source_digest" {
  description = "SHA-256 of the archive that is deployed."
  value       = filesha256(var.source_archive)
}

output "clusters" {
  description = "What the functions were told of each cluster."
  value       = local.clusters
}

output "dashboard" {
  description = "ID of the dashboard."
  value       = google_monitoring_dashboard.this.id
}

output "configuration" {
  description = "What the functions are told (functions/config.ts), as JSON: persistent-ip --direct works with it."
  value       = jsonencode(local.configuration)
}

output "subscriptions" {
  description = "What pushes to the functions, by queue."
  value       = { for key, subscription in google_pubsub_subscription.this : key => subscription.id }
}

output "sinks" {
  description = "The sinks that feed the functions, by key: projects/P/sinks/S."
  value       = { for key, sink in google_logging_project_sink.this : key => sink.id }
}

output "schedule" {
  description = "Cloud Scheduler's job that starts the sweep."
  value       = google_cloud_scheduler_job.sweep.id
}
