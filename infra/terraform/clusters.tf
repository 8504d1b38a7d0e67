# What the functions must know of each cluster, read from the cluster itself.

data "google_project" "this" {
  project_id = var.project
}

data "google_container_cluster" "this" {
  for_each = var.clusters

  project  = coalesce(each.value.project, var.project)
  location = each.value.location
  name     = each.value.name

  lifecycle {
    postcondition {
      condition     = try(self.control_plane_endpoints_config[0].dns_endpoint_config[0].allow_external_traffic, false)
      error_message = "${each.value.name}: the functions reach the control plane through its DNS-based endpoint. Allow it: gcloud container clusters update ${each.value.name} --location=${each.value.location} --enable-dns-access"
    }
    postcondition {
      condition     = self.datapath_provider == "ADVANCED_DATAPATH"
      error_message = "${each.value.name}: persistent IP addresses need Dataplane V2, which is chosen when a cluster is made (--enable-dataplane-v2)."
    }
  }
}

locals {
  # Networks and subnetworks come as a name or as projects/P/.../NAME; with shared VPC, P is the host project.
  clusters = {
    for key, cluster in var.clusters : key => {
      project  = coalesce(cluster.project, var.project)
      location = cluster.location
      name     = cluster.name
      region   = join("-", slice(split("-", cluster.location), 0, 2))
      # The provider leaves a zonal cluster's own zone out of its node_locations.
      zones = sort(distinct(concat(
        length(split("-", cluster.location)) == 3 ? [cluster.location] : [],
        tolist(data.google_container_cluster.this[key].node_locations),
        flatten([for pool in data.google_container_cluster.this[key].node_pool : tolist(pool.node_locations)]),
      )))
      network_project = try(
        regex("projects/([^/]+)/", data.google_container_cluster.this[key].network)[0],
        coalesce(cluster.project, var.project),
      )
      network    = element(split("/", data.google_container_cluster.this[key].network), -1)
      subnetwork = element(split("/", data.google_container_cluster.this[key].subnetwork), -1)
      more_subnetworks = sort(distinct([
        for subnetwork in concat(cluster.more_subnetworks, flatten([
          for pool in data.google_container_cluster.this[key].node_pool : [
            for config in pool.network_config : concat(
              [config.subnetwork],
              [for additional in config.additional_node_network_configs : additional.subnetwork],
            )
          ]
        ])) :
        element(split("/", subnetwork), -1)
        if try(length(subnetwork), 0) > 0 && try(element(split("/", subnetwork), -1), "") != element(split("/", data.google_container_cluster.this[key].subnetwork), -1)
      ]))
      node_tag = cluster.node_tag
      endpoint = "https://${data.google_container_cluster.this[key].control_plane_endpoints_config[0].dns_endpoint_config[0].endpoint}"
    }
  }

  # One sink a project, whatever number of clusters is in it.
  cluster_projects = toset([for cluster in values(local.clusters) : cluster.project])
  network_projects = toset([
    for cluster in values(local.clusters) : cluster.network_project if cluster.network_project != cluster.project
  ])
}
