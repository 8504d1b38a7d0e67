import protobuf from 'protobufjs';

/**
 * The messages that kubectl posts in protobuf whatever a server prefers (its typed clients, since 1.32), with the
 * numbers that `generated.proto` of k8s.io/api and k8s.io/apimachinery give their fields. Fields that are left out
 * here are those that kubectl never fills; a body that has one is refused. `optional` is what is a pointer in Go: only
 * there zero and empty say something.
 */
export const messages = protobuf.parse(
  `syntax = "proto3";
  message Unknown { TypeMeta typeMeta = 1; bytes raw = 2; string contentEncoding = 3; string contentType = 4; }
  message TypeMeta { string apiVersion = 1; string kind = 2; }
  message ObjectMeta {
    string name = 1; string generateName = 2; string namespace = 3; string uid = 5; string resourceVersion = 6;
    map<string, string> labels = 11; map<string, string> annotations = 12; repeated string finalizers = 14;
  }
  message Unset {}

  message DeleteOptions {
    optional int64 gracePeriodSeconds = 1; Preconditions preconditions = 2; optional bool orphanDependents = 3;
    optional string propagationPolicy = 4; repeated string dryRun = 5;
  }
  message Preconditions { optional string uid = 1; optional string resourceVersion = 2; }
  message Eviction { ObjectMeta metadata = 1; DeleteOptions deleteOptions = 2; }
  message Namespace { ObjectMeta metadata = 1; Unset spec = 2; Unset status = 3; }

  message SelfSubjectReview { ObjectMeta metadata = 1; SelfSubjectReviewStatus status = 2; }
  message SelfSubjectReviewStatus { Unset userInfo = 1; }
  message SelfSubjectRulesReview {
    ObjectMeta metadata = 1; SelfSubjectRulesReviewSpec spec = 2; Unset status = 3;
  }
  message SelfSubjectRulesReviewSpec { string namespace = 1; }
  message SelfSubjectAccessReview {
    ObjectMeta metadata = 1; SelfSubjectAccessReviewSpec spec = 2; Unset status = 3;
  }
  message SelfSubjectAccessReviewSpec {
    ResourceAttributes resourceAttributes = 1; NonResourceAttributes nonResourceAttributes = 2;
  }
  message SubjectAccessReview {
    ObjectMeta metadata = 1; SubjectAccessReviewSpec spec = 2; Unset status = 3;
  }
  message SubjectAccessReviewSpec {
    ResourceAttributes resourceAttributes = 1; NonResourceAttributes nonResourceAttributes = 2;
    string user = 3; repeated string groups = 4; string uid = 6;
  }
  message ResourceAttributes {
    string namespace = 1; string verb = 2; string group = 3; string version = 4; string resource = 5;
    string subresource = 6; string name = 7;
  }
  message NonResourceAttributes { string path = 1; string verb = 2; }

  message Role { ObjectMeta metadata = 1; repeated PolicyRule rules = 2; }
  message ClusterRole { ObjectMeta metadata = 1; repeated PolicyRule rules = 2; }
  message PolicyRule {
    repeated string verbs = 1; repeated string apiGroups = 2; repeated string resources = 3;
    repeated string resourceNames = 4; repeated string nonResourceURLs = 5;
  }
  message RoleBinding { ObjectMeta metadata = 1; repeated Subject subjects = 2; RoleRef roleRef = 3; }
  message ClusterRoleBinding { ObjectMeta metadata = 1; repeated Subject subjects = 2; RoleRef roleRef = 3; }
  message Subject { string kind = 1; string apiGroup = 2; string name = 3; string namespace = 4; }
  message RoleRef { string apiGroup = 1; string kind = 2; string name = 3; }

  message Deployment { ObjectMeta metadata = 1; DeploymentSpec spec = 2; Unset status = 3; }
  message DeploymentSpec {
    optional int32 replicas = 1; LabelSelector selector = 2; PodTemplateSpec template = 3; Unset strategy = 4;
  }
  message LabelSelector { map<string, string> matchLabels = 1; repeated LabelSelectorRequirement matchExpressions = 2; }
  message LabelSelectorRequirement { string key = 1; string operator = 2; repeated string values = 3; }
  message PodTemplateSpec { ObjectMeta metadata = 1; PodSpec spec = 2; }
  message PodSpec { repeated Container containers = 2; string restartPolicy = 3; }
  message Container {
    string name = 1; string image = 2; repeated string command = 3; repeated string args = 4;
    repeated ContainerPort ports = 6;
  }
  message Job { ObjectMeta metadata = 1; JobSpec spec = 2; Unset status = 3; }
  message JobSpec {
    optional int32 parallelism = 1; optional int32 completions = 2; optional int64 activeDeadlineSeconds = 3;
    PodTemplateSpec template = 6; optional int32 backoffLimit = 7;
  }
  message PodDisruptionBudget { ObjectMeta metadata = 1; PodDisruptionBudgetSpec spec = 2; Unset status = 3; }
  message PodDisruptionBudgetSpec {
    optional IntOrString minAvailable = 1; optional LabelSelector selector = 2;
    optional IntOrString maxUnavailable = 3;
  }
  message IntOrString { int64 type = 1; int32 intVal = 2; string strVal = 3; }

  message ConfigMap {
    ObjectMeta metadata = 1; map<string, string> data = 2; map<string, bytes> binaryData = 3;
    optional bool immutable = 4;
  }
  message Secret {
    ObjectMeta metadata = 1; map<string, bytes> data = 2; string type = 3; map<string, string> stringData = 4;
    optional bool immutable = 5;
  }
  message ServiceAccount { ObjectMeta metadata = 1; }
  message TokenRequest { ObjectMeta metadata = 1; TokenRequestSpec spec = 2; Unset status = 3; }
  message TokenRequestSpec {
    repeated string audiences = 1; BoundObjectReference boundObjectRef = 3; optional int64 expirationSeconds = 4;
  }
  message BoundObjectReference { string kind = 1; string apiVersion = 2; string name = 3; string uid = 4; }
  message Service { ObjectMeta metadata = 1; ServiceSpec spec = 2; Unset status = 3; }
  message ServiceSpec {
    repeated ServicePort ports = 1; map<string, string> selector = 2; string clusterIP = 3; string type = 4;
    string sessionAffinity = 7; string externalName = 10;
  }
  message ServicePort {
    string name = 1; string protocol = 2; int32 port = 3; IntOrString targetPort = 4; int32 nodePort = 5;
  }
  message ContainerPort { string name = 1; int32 containerPort = 3; string protocol = 4; }`,
  { keepCase: true },
).root;
