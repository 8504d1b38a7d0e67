import { theirs } from '../actors/other-controller.ts';
import type { Invariant } from './invariant.ts';

/** How long is looked back at, milliseconds, and how many of our writes may lie in it. */
const window = 60_000;
/** Three of one delivery; a copy of it that runs beside it may find the same minute over. */
const most = 6;

/**
 * design/concepts.md, invariant 7: *a status that another controller keeps rewriting (`metadata.managedFields`) is reported
 * once and not fought over.* Counted are our writes onto a status that had been overwritten when it was read.
 */
export const noWar: Invariant = {
  number: 7,
  name: 'no war of writes',
  onStatus: ({ chronicle, now }, delivery) => {
    if (delivery.status === undefined) return undefined;
    const { before } = delivery.status;
    const { uid, namespace, name, deletionTimestamp } = before.metadata;
    const overwritten = before.status.conditions.some(({ reason }) => reason === theirs);
    if (!overwritten || deletionTimestamp !== undefined) return undefined;
    const count = chronicle.fought(uid, now, window);
    return count <= most
      ? undefined
      : `${namespace}/${name} is written ${count} times a minute against another controller`;
  },
  atRest: ({ audited }) => {
    const told = new Map<string, Set<string>>();
    for (const { route, conditions = [], insertId } of audited)
      if (conditions.some(({ type, status }) => type === 'SecondController' && status === 'True'))
        told.set(route.uid, (told.get(route.uid) ?? new Set()).add(insertId));
    const [uid] = [...told].find(([, entries]) => entries.size > 1) ?? [];
    return uid && `the second controller of route ${uid} is told of ${told.get(uid)?.size} times`;
  },
};
