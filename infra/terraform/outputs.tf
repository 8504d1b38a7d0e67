output "function_service_account" {
  description = "What the functions run as: the user that the clusters' RBAC names (FUNCTIONS_SERVICE_ACCOUNT_EMAIL in infra/kubernetes/rbac.yaml)."
  value       = local.run_email
}

output "push_service_account" {
  description = "What events call the functions as."
  value       = local.push_email
}

output "function_urls" {
  description = "Where each function is reached, from within Google Cloud only."
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
