import { type Cause, immutable, invalidValue, required } from '../objects/cause.ts';
import { type JsonObject, type KubeObject, record, same, strings, text } from '../objects/object.ts';
import { notServed } from '../objects/status.ts';
import { podSpecCauses } from './pods.ts';
import type { Resource } from './resource.ts';
import { completeTemplate } from './workloads.ts';

/** A Job's Pods are told by its uid (pkg/registry/batch/job/strategy.go, generateSelector). */
const generateSelector = (job: JsonObject): void => {
  const spec = record(job.spec);
  if (spec.manualSelector === true || spec.selector !== undefined) return;
  const meta = record(job.metadata);
  const { uid = '', name = '' } = meta;
  const template = record(spec.template);
  const metadata = record(template.metadata);
  const labels = {
    ...record(metadata.labels),
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  // A Job without labels of its own has those of its template, these too.
  if (same(meta.labels ?? {}, metadata.labels ?? {})) meta.labels = { ...labels };
  template.metadata = { ...metadata, labels };
  spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
};

/** pkg/apis/batch/v1/defaults.go, SetDefaults_Job. */
const completeJob = (job: JsonObject, old: KubeObject | undefined): void => {
  const spec = record(job.spec);
  job.spec = spec;
  if (spec.parallelism === undefined) spec.completions ??= 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= 6;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= 'TerminatingOrFailed';
  spec.manualSelector ??= false;
  completeTemplate(spec);
  if (old !== undefined) {
    spec.selector ??= record(old.spec).selector ?? {};
    return;
  }
  const metadata = record(job.metadata);
  const labels = strings(record(record(spec.template).metadata).labels);
  if (Object.keys(labels).length > 0 && metadata.labels === undefined) metadata.labels = { ...labels };
  job.status = {};
};

/** Parts of a Job that its controller here does not know. @throws StatusError 501 */
const refuseOthers = (spec: JsonObject): void => {
  if (spec.completionMode !== 'NonIndexed') throw notServed('completionMode Indexed of a Job');
  for (const field of ['podFailurePolicy', 'successPolicy', 'ttlSecondsAfterFinished', 'managedBy'])
    if (spec[field] !== undefined) throw notServed(`${field} of a Job`);
};

const counts = ['activeDeadlineSeconds', 'backoffLimit', 'completions', 'parallelism'];

const checkJob = (job: KubeObject, old: KubeObject | undefined): Cause[] => {
  const spec = record(job.spec);
  refuseOthers(spec);
  const podSpec = record(record(spec.template).spec);
  const causes = counts.flatMap((field) => {
    const value = spec[field];
    const bad = typeof value === 'number' && value < 0;
    return bad ? [invalidValue(`spec.${field}`, value, 'must be greater than or equal to 0')] : [];
  });
  if (!['Never', 'OnFailure'].includes(text(podSpec.restartPolicy) ?? '')) {
    const path = 'spec.template.spec.restartPolicy';
    causes.push(required(path, 'valid values: "OnFailure", "Never"'));
  }
  causes.push(...podSpecCauses(podSpec, 'spec.template.spec'));
  if (old === undefined) return causes;
  const before = record(old.spec);
  for (const field of ['completions', 'selector', 'template'])
    if (!same(spec[field], before[field])) causes.push(immutable(`spec.${field}`, spec[field]));
  return causes;
};

/** Work that ends: `nodes/job.ts` runs it. */
export const jobs: Resource = {
  group: 'batch',
  versions: ['v1'],
  storage: 'v1',
  plural: 'jobs',
  singular: 'job',
  kind: 'Job',
  shortNames: [],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  custom: false,
  generation: true,
  complete: completeJob,
  assign: generateSelector,
  check: checkJob,
};
