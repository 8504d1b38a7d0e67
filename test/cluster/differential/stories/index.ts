export { definitions, gatewayApi, gkeIpRoute, roles } from './custom.ts';
export * from './decoding.ts';
export { deletion } from './deletes.ts';
export * from './options.ts';
export { jsonPatch, mergePatch, serverSideApply, strategicMergePatch } from './patches.ts';
export { pod } from './pods.ts';
export { lists, tables, watches } from './reads.ts';
export { others, workloads } from './workloads.ts';
export { bodies, dryRuns, fieldValidation, metadata, names, updates } from './writes.ts';
