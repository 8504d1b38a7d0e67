variable "project" {
  description = "ID of the project that the functions, topics and the audit log live in."
  type        = string

  validation {
    condition     = can(regex("^([a-z][-a-z0-9.]*:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$", var.project))
    error_message = "project must be a project's ID (not its number or name)."
  }
}

variable "region" {
  description = "Region of the functions. Choose that of the clusters: every move is a call from here to there."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a region such as europe-west1, not a zone."
  }
}

variable "name" {
  description = "Name of this deployment. It is part of every resource's name and of every ownership record: two deployments never touch each other's resources, and changing it later abandons what exists."
  type        = string
  default     = "persistent-ip"

  validation {
    condition     = can(regex("^[a-z][-a-z0-9]{4,18}[a-z0-9]$", var.name))
    error_message = "name must have 6 to 20 characters: lower-case letters, digits and hyphens, a letter first and no hyphen last (service accounts are named for it)."
  }
}

variable "clusters" {
  description = <<-EOT
    The clusters that are served, by any name you like. Adding one is one entry here and one `npm run install:cluster`.
    Network, subnetworks, zones and the control plane's endpoint are read from the cluster.

    - project:           the cluster's project; default: `project`
    - location:          its region or zone
    - name:              its name
    - more_subnetworks:  subnetworks in which nodes have an interface, beyond those of the cluster and its node pools
    - node_tag:          network tag of its nodes; without one the firewall rules are limited by their destinations alone
  EOT
  type = map(object({
    project          = optional(string)
    location         = string
    name             = string
    more_subnetworks = optional(list(string), [])
    node_tag         = optional(string)
  }))

  validation {
    condition     = length(var.clusters) > 0
    error_message = "clusters needs at least one entry: without a cluster the log sink would have no filter."
  }

  validation {
    condition     = alltrue([for cluster in values(var.clusters) : can(regex("^[a-z]+-[a-z]+[0-9]+(-[a-z])?$", cluster.location))])
    error_message = "location of a cluster must be a region such as europe-west1 or a zone such as europe-west1-b."
  }

  validation {
    condition     = alltrue([for cluster in values(var.clusters) : can(regex("^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$", cluster.name))])
    error_message = "name of a cluster must be its name, not a path or a URL."
  }

  validation {
    condition     = length(distinct([for c in values(var.clusters) : "${coalesce(c.project, var.project)}/${c.location}/${c.name}"])) == length(var.clusters)
    error_message = "clusters names one cluster twice."
  }

  validation {
    condition     = alltrue([for cluster in values(var.clusters) : can(regex("^([a-z][-a-z0-9.]*:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$", coalesce(cluster.project, var.project)))])
    error_message = "project of a cluster must be a project's ID (not its number or name)."
  }

  validation {
    condition     = alltrue([for cluster in values(var.clusters) : cluster.node_tag == null ? true : can(regex("^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$", cluster.node_tag))])
    error_message = "node_tag must be a network tag: at most 63 lower-case letters, digits and hyphens, a letter first and no hyphen last. Leave it out where the nodes have none."
  }

  validation {
    condition = alltrue([
      for subnetwork in flatten([for cluster in values(var.clusters) : cluster.more_subnetworks]) :
      can(regex("^(.*/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?$", subnetwork))
    ])
    error_message = "more_subnetworks are names of subnetworks or their paths (projects/P/regions/R/subnetworks/NAME), not ranges of addresses."
  }
}

variable "source_archive" {
  description = "The zip archive to deploy: `npm run bundle` writes it to dist/functions.zip. Its digest is its name in the bucket, so an archive that has not changed deploys nothing."
  type        = string

  validation {
    condition     = fileexists(var.source_archive)
    error_message = "source_archive does not exist: run `npm run bundle` first."
  }
}

variable "functions" {
  description = <<-EOT
    Size of each function. The defaults are for some hundred routes; docs/ has the figures behind them.

    - memory:           e.g. "512Mi"
    - cpu:              e.g. "1"; more than one request at a time needs a whole one
    - concurrency:      requests that one instance serves at a time
    - min_instances:    kept warm; each costs while nothing happens
    - max_instances:    the most there will be
    - timeout_seconds:  a push is given ten seconds more before it is delivered again

    The sweep has one instance that serves one request, so that two runs never overlap.
  EOT
  type = object({
    on_cluster_event = optional(object({
      memory          = optional(string, "512Mi")
      cpu             = optional(string, "1")
      concurrency     = optional(number, 40)
      min_instances   = optional(number, 0)
      max_instances   = optional(number, 10)
      timeout_seconds = optional(number, 60)
    }), {})
    on_compute_event = optional(object({
      memory          = optional(string, "512Mi")
      cpu             = optional(string, "1")
      concurrency     = optional(number, 40)
      min_instances   = optional(number, 0)
      max_instances   = optional(number, 5)
      timeout_seconds = optional(number, 60)
    }), {})
    reconcile = optional(object({
      memory          = optional(string, "512Mi")
      cpu             = optional(string, "1")
      concurrency     = optional(number, 20)
      min_instances   = optional(number, 0)
      max_instances   = optional(number, 20)
      timeout_seconds = optional(number, 60)
    }), {})
    sweep = optional(object({
      memory          = optional(string, "512Mi")
      cpu             = optional(string, "1")
      timeout_seconds = optional(number, 300)
    }), {})
    inventory = optional(object({
      memory          = optional(string, "512Mi")
      cpu             = optional(string, "1")
      concurrency     = optional(number, 40)
      min_instances   = optional(number, 0)
      max_instances   = optional(number, 5)
      timeout_seconds = optional(number, 60)
    }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for f in values(var.functions) : f.timeout_seconds >= 60 && f.timeout_seconds <= 590])
    error_message = "timeout_seconds must be 60 to 590: a delivery may work for 50 seconds, and Pub/Sub waits ten seconds longer than the function and ten minutes at most."
  }

  validation {
    condition     = var.functions.sweep.timeout_seconds >= 300
    error_message = "functions.sweep.timeout_seconds must be 300 or more: a full run decides for up to four minutes before it leaves the rest to reconcile."
  }

  validation {
    condition     = alltrue([for f in values(var.functions) : can(regex("^[0-9]+(Mi|Gi|M|G)$", f.memory))])
    error_message = "memory must be a size such as 512Mi or 1Gi."
  }

  validation {
    condition     = alltrue([for f in values(var.functions) : can(regex("^([0-9]+m|[0-9]+([.][0-9]+)?)$", f.cpu))])
    error_message = "cpu must be a number such as 1 or 0.5."
  }

  validation {
    condition = alltrue([
      for f in [var.functions.on_cluster_event, var.functions.on_compute_event, var.functions.reconcile, var.functions.inventory] :
      f.concurrency == 1 || !can(regex("m$|^0", f.cpu))
    ])
    error_message = "concurrency above 1 needs a cpu of 1 or more: Cloud Run refuses anything else."
  }

  validation {
    condition = alltrue([
      for f in [var.functions.on_cluster_event, var.functions.on_compute_event, var.functions.reconcile, var.functions.inventory] :
      f.concurrency >= 1 && f.concurrency <= 1000 && f.min_instances >= 0 && f.max_instances >= max(f.min_instances, 1)
    ])
    error_message = "concurrency must be 1 to 1000, and max_instances at least 1 and at least min_instances."
  }
}

variable "moves_per_minute" {
  description = "How often the addresses of a route may go from one Pod to another a minute because a Pod turns Ready or not. A Pod that is gone, or its node, is left at once however often."
  type        = number
  default     = 6

  validation {
    condition     = var.moves_per_minute >= 2 && var.moves_per_minute <= 12 && floor(var.moves_per_minute) == var.moves_per_minute
    error_message = "moves_per_minute must be a whole number from 2 to 12: the last move is kept for leaving a Pod that is not Ready, and the times of all stand in a description of limited length."
  }
}

variable "compute_calls_per_second" {
  description = <<-EOT
    Requests that one instance of a function sends to Compute Engine in any second, at most. The sum is this times the instances
    that are busy: functions.reconcile.max_instances at most, and one sweep. About half of them are lists, of which a project may
    send 1,500 a minute unless its quota was raised: so one instance at 50 stays within it, and what several send beyond it is
    refused, tried again and slower, but not lost. docs/reliability.md, "Load", has the figures.
  EOT
  type        = number
  default     = 50

  validation {
    condition     = var.compute_calls_per_second >= 10 && var.compute_calls_per_second <= 1000 && floor(var.compute_calls_per_second) == var.compute_calls_per_second
    error_message = "compute_calls_per_second must be a whole number from 10 to 1000: one look at a route takes some ten calls at once, and no project's quota allows more than thousands."
  }
}

variable "readers" {
  description = "Who may read the inventory (pools, routes and who holds what): IAM members such as group:ops@example.com, and the service account of the build that checks a deployment."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for reader in var.readers : can(regex("^(user|group|serviceAccount|domain|principal|principalSet):.+$", reader))])
    error_message = "a reader is an IAM member such as group:ops@example.com; allUsers and allAuthenticatedUsers are not: the inventory is not public."
  }
}

variable "inventory_ingress" {
  description = <<-EOT
    From where the inventory may be reached by those whom `readers` names.

    - all:            from everywhere: people, gcloud's proxy, the build that checks a deployment
    - load-balancer:  from within, and through an external Application Load Balancer (with Identity-Aware Proxy, for one)
    - internal:       from the project's networks and its VPC Service Controls perimeter alone
  EOT
  type        = string
  default     = "all"

  validation {
    condition     = contains(["all", "load-balancer", "internal"], var.inventory_ingress)
    error_message = "inventory_ingress must be all, load-balancer or internal."
  }
}

variable "dead_letter_after" {
  description = "Delivery attempts before a message becomes a dead letter."
  type        = number
  default     = 10

  validation {
    condition     = var.dead_letter_after >= 5 && var.dead_letter_after <= 100
    error_message = "dead_letter_after must be 5 to 100: Pub/Sub takes no other number."
  }
}

variable "dead_letter_retention_days" {
  description = "How long dead letters are kept for whoever reads them."
  type        = number
  default     = 14

  validation {
    condition     = var.dead_letter_retention_days >= 1 && var.dead_letter_retention_days <= 31
    error_message = "dead_letter_retention_days must be 1 to 31: Pub/Sub keeps messages for 31 days at most."
  }
}

variable "notification_channels" {
  description = "Monitoring channels that alerts go to, as projects/P/notificationChannels/ID. Without one the incidents are in the console only."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[^/]+$", channel))])
    error_message = "a notification channel is projects/P/notificationChannels/ID."
  }
}

variable "alerts" {
  description = <<-EOT
    When somebody is told.

    - not_ready_minutes:  a route has not been Ready for so long
    - move_latency_ms:    the 95th percentile of moves, from the event to the decision
    - sweep_minutes:      no sweep has ended for so long
  EOT
  type = object({
    not_ready_minutes = optional(number, 10)
    move_latency_ms   = optional(number, 10000)
    sweep_minutes     = optional(number, 15)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.alerts.not_ready_minutes >= 2
    error_message = "not_ready_minutes must be 2 or more: the sweep looks every minute, and a node agent may take two to answer."
  }

  validation {
    condition     = var.alerts.sweep_minutes >= 5 && var.alerts.sweep_minutes <= 1410
    error_message = "sweep_minutes must be 5 to 1410 (Monitoring notices an absence of 23.5 hours at most)."
  }

  validation {
    condition     = var.alerts.move_latency_ms > 0
    error_message = "move_latency_ms must be more than 0."
  }
}

variable "labels" {
  description = "Labels of every resource that can have some."
  type        = map(string)
  default     = {}

  validation {
    condition = alltrue([
      for key, value in var.labels : can(regex("^[a-z][-_a-z0-9]{0,62}$", key)) && can(regex("^[-_a-z0-9]{0,63}$", value))
    ])
    error_message = "a label has a key and a value of at most 63 lower-case letters, digits, hyphens and underscores, and the key begins with a letter."
  }
}

variable "enable_apis" {
  description = "Whether to enable the APIs that are needed in `project`. They stay enabled on destroy."
  type        = bool
  default     = true
}

variable "history_dataset" {
  description = "A BigQuery dataset, to be made, that keeps the audit log for as long as you like: its name, and its location (for example EU or us-central1). Null: the log keeps 30 days."
  type = object({
    name     = string
    location = string
  })
  default = null

  validation {
    condition     = var.history_dataset == null ? true : can(regex("^[A-Za-z0-9_]+$", var.history_dataset.name))
    error_message = "history_dataset.name must be letters, digits and underscores: BigQuery takes no other name."
  }

  validation {
    condition     = var.history_dataset == null ? true : can(regex("^([A-Za-z]{2}|[a-z]+-[a-z]+[0-9]+)$", var.history_dataset.location))
    error_message = "history_dataset.location must be US, EU or a region such as us-central1."
  }
}
