import pc from 'picocolors';
import type { StoredEntry } from '../logging/index.ts';
import type { Counts } from './counts.ts';
import type { RouteView } from './route-view.ts';

/** Where the tour is told; one line a call. */
export type Say = (line: string) => void;

const colourOf = (status: string): ((text: string) => string) => (status === 'True' ? pc.green : pc.yellow);

/** First and last of a list of addresses, so that sixteen fit a line. */
const shortly = (addresses: readonly string[]): string =>
  addresses.length <= 2
    ? addresses.join(', ')
    : `${addresses[0]} … ${addresses.at(-1)} (${addresses.length} addresses)`;

export const sayRoute = (say: Say, route: RouteView): void => {
  const holder =
    route.pod === undefined ? pc.yellow('nobody') : pc.bold(`${route.pod} on ${route.node ?? '?'}`);
  say(`  ${pc.cyan(`${route.namespace}/${route.name}`)}  ${shortly(route.addresses)}  held by ${holder}`);
  const conditions = route.conditions.map(({ type, status, reason }) =>
    colourOf(status)(status === 'True' ? `${type}` : `${type}=${status} (${reason})`),
  );
  say(`    ${conditions.join('  ')}`);
  const failing = route.conditions.find(({ type, status }) => type === 'Ready' && status !== 'True');
  if (failing !== undefined) say(`    ${pc.dim(failing.message)}`);
};

export const sayCounts = (say: Say, counts: Counts): void => {
  const kinds = new Map<string, number>();
  for (const mutation of counts.computeMutations) {
    const kind = mutation.replace(/\/pip-[^/ ]+/, '').replace(/(regions|zones)\/[^/]+\//, '');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const list = [...kinds].map(([kind, times]) => (times === 1 ? kind : `${times} × ${kind}`)).join(', ');
  const many = counts.computeMutations.length;
  say(
    `    Compute: ${pc.bold(`${many} mutation${many === 1 ? '' : 's'}`)}${list === '' ? '' : ` (${list})`}, ${counts.computeReads} reads; Kubernetes: ${counts.kubernetesWrites} writes, ${counts.kubernetesReads} reads`,
  );
};

interface Payload {
  readonly action?: string;
  readonly route?: { readonly namespace?: string; readonly name?: string };
  readonly from?: { readonly pod?: string; readonly node?: string };
  readonly to?: { readonly pod?: string; readonly node?: string };
  readonly cause?: { readonly method?: string; readonly principal?: string };
  readonly latencyMs?: number;
}

const place = (holder: Payload['to']): string =>
  holder === undefined ? 'nobody' : `${holder.pod} (${holder.node})`;

export const sayAudit = (say: Say, entry: StoredEntry): void => {
  const { action, from, to, cause, latencyMs } = (entry.jsonPayload ?? {}) as Payload;
  say(
    pc.dim(
      `    audit: ${entry.timestamp} ${action}: ${place(from)} → ${place(to)}, ${latencyMs} ms after ${cause?.method} by ${cause?.principal}`,
    ),
  );
};
