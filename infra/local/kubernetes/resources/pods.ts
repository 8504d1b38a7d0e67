import {
  type Cause,
  duplicate,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../objects/cause.ts';
import { label, labelRule } from '../objects/names.ts';
import {
  clone,
  type Json,
  type JsonObject,
  type KubeObject,
  list,
  record,
  same,
  text,
  without,
} from '../objects/object.ts';

const setDefault = (object: JsonObject, defaults: JsonObject): void => {
  for (const [field, value] of Object.entries(defaults)) object[field] ??= clone(value);
};

/** `Always` for the tag `latest` or none, `IfNotPresent` otherwise (SetDefaults_Container). */
const pullPolicy = (image: string): string => {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = image.slice(image.lastIndexOf('/') + 1).split(':')[1] ?? 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
};

const probeDefaults = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

const completeContainer = (container: JsonObject, hostNetwork: boolean): void => {
  setDefault(container, {
    imagePullPolicy: pullPolicy(text(container.image) ?? ''),
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  for (const port of list(container.ports).map(record)) {
    setDefault(port, { protocol: 'TCP' });
    if (hostNetwork && port.containerPort !== undefined) setDefault(port, { hostPort: port.containerPort });
  }
  for (const field of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (container[field] === undefined) continue;
    const probe = record(container[field]);
    setDefault(probe, probeDefaults);
    if (probe.httpGet !== undefined) setDefault(record(probe.httpGet), { path: '/', scheme: 'HTTP' });
  }
  for (const entry of list(container.env).map(record)) {
    const { fieldRef } = record(entry.valueFrom);
    if (fieldRef !== undefined) setDefault(record(fieldRef), { apiVersion: 'v1' });
  }
  // What is limited and not requested is requested (SetDefaults_Pod).
  const resources = record(container.resources);
  if (resources.limits !== undefined) {
    const requests = { ...record(resources.limits), ...record(resources.requests) };
    resources.requests = requests;
  }
};

/** The defaults of a Pod's spec, also inside of a template (pkg/apis/core/v1/defaults.go). */
export const completePodSpec = (spec: JsonObject): void => {
  setDefault(spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  for (const field of ['initContainers', 'containers'])
    for (const container of list(spec[field]).map(record))
      completeContainer(container, spec.hostNetwork === true);
  for (const volume of list(spec.volumes).map(record)) {
    for (const source of ['secret', 'configMap', 'projected', 'downwardAPI'])
      if (volume[source] !== undefined) setDefault(record(volume[source]), { defaultMode: 0o644 });
  }
  // A negative one was let in by earlier versions, and is the least there is.
  if (Number(spec.terminationGracePeriodSeconds) < 0) spec.terminationGracePeriodSeconds = 1;
};

/** What admission adds to new Pods and not to templates: the account, the priority. */
const admitPodSpec = (spec: JsonObject): void => {
  setDefault(spec, {
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    serviceAccountName: 'default',
  });
  spec.serviceAccount ??= spec.serviceAccountName ?? 'default';
};

/** Every Pod waits a while for a node in trouble, also after an update that forgot it (DefaultTolerationSeconds). */
const admitTolerations = (spec: JsonObject): void => {
  const tolerations = [...list(spec.tolerations)];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const has = tolerations
      .map(record)
      .some((other) => (other.key ?? key) === key && (other.effect ?? 'NoExecute') === 'NoExecute');
    if (!has) tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  spec.tolerations = tolerations;
};

/** The quality of service that requests and limits amount to (GetPodQOS). */
const qosClass = (spec: JsonObject): string => {
  const resources = [...list(spec.containers), ...list(spec.initContainers)].map((container) =>
    record(record(container).resources),
  );
  const asked = resources.flatMap((entry) => [
    ...Object.keys(record(entry.requests)),
    ...Object.keys(record(entry.limits)),
  ]);
  if (!asked.some((name) => name === 'cpu' || name === 'memory')) return 'BestEffort';
  const guaranteed = resources.every(({ requests, limits }) =>
    ['cpu', 'memory'].every((name) => {
      const limit = record(limits)[name];
      return limit !== undefined && same(limit, record(requests)[name] ?? limit);
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
};

/** A new Pod is Pending, whatever status it came with (podStrategy.PrepareForCreate). */
export const completePod = (pod: JsonObject, old: KubeObject | undefined): void => {
  const spec = record(pod.spec);
  pod.spec = spec;
  completePodSpec(spec);
  admitTolerations(spec);
  if (old !== undefined) return;
  admitPodSpec(spec);
  pod.status = { phase: 'Pending', qosClass: qosClass(spec) };
};

/** The first of a Pod's addresses is its address, which is believed where they differ (core/v1 conversion). */
export const settlePod = (pod: JsonObject): void => {
  const status = record(pod.status);
  const first = text(record(list(status.podIPs)[0]).ip);
  const podIP = text(status.podIP);
  if (podIP !== undefined && podIP !== first) pod.status = { ...status, podIPs: [{ ip: podIP }] };
  else if (podIP === undefined && first !== undefined) pod.status = { ...status, podIP: first };
};

const containerCauses = (spec: JsonObject, path: string): Cause[] => {
  const containers = list(spec.containers).map(record);
  if (containers.length === 0) return [required(`${path}.containers`)];
  return containers.flatMap((container, at) => {
    const field = `${path}.containers[${at}]`;
    const name = text(container.name);
    const causes: Cause[] = [];
    if (name === undefined) causes.push(required(`${field}.name`));
    else if (name.length > 63 || !label.test(name))
      causes.push(invalidValue(`${field}.name`, name, labelRule));
    else if (containers.slice(0, at).some((other) => other.name === name))
      causes.push(duplicate(`${field}.name`, name));
    if (text(container.image) === undefined) causes.push(required(`${field}.image`));
    return causes;
  });
};

const restartPolicies = ['Always', 'OnFailure', 'Never'];

export const podSpecCauses = (spec: JsonObject, path: string): Cause[] => [
  ...containerCauses(spec, path),
  ...(restartPolicies.includes(text(spec.restartPolicy) ?? 'Always')
    ? []
    : [notSupported(`${path}.restartPolicy`, spec.restartPolicy, restartPolicies)]),
];

const changeable = (spec: JsonObject): JsonObject => {
  const rest = without(spec, 'activeDeadlineSeconds', 'tolerations', 'terminationGracePeriodSeconds');
  for (const field of ['containers', 'initContainers']) {
    if (rest[field] !== undefined) {
      rest[field] = list(rest[field]).map((entry): Json => without(record(entry), 'image'));
    }
  }
  return rest;
};

/** That a Pod tolerates less than before (validateOnlyAddedTolerations, which is content with one that stayed). */
const tolerationCauses = (spec: JsonObject, before: JsonObject): Cause[] => {
  const bare = (toleration: Json): JsonObject => without(record(toleration), 'tolerationSeconds');
  const after = list(spec.tolerations).map(bare);
  const old = list(before.tolerations).map(bare);
  if (old.some((toleration) => after.some((other) => same(other, toleration)))) return [];
  return old.map(() =>
    forbiddenField(
      'spec.tolerations',
      'existing toleration can not be modified except its tolerationSeconds',
    ),
  );
};

/** A Pod's spec is fixed, but for a few fields (ValidatePodUpdate). */
export const checkPod = (pod: KubeObject, old: KubeObject | undefined): Cause[] => {
  const spec = record(pod.spec);
  const causes = podSpecCauses(spec, 'spec');
  if (old !== undefined) causes.push(...tolerationCauses(spec, record(old.spec)));
  if (old !== undefined && !same(changeable(spec), changeable(record(old.spec)))) {
    causes.push(
      forbiddenField(
        'spec',
        'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
      ),
    );
  }
  return causes;
};
