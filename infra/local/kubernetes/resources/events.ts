import type { JsonObject } from '../objects/object.ts';
import { checkCoreEvent, checkEvent } from './event-checks.ts';
import type { Resource, View } from './resource.ts';

/** What core/v1 calls a field, and what events.k8s.io/v1 does (pkg/apis/events/v1/conversion.go); all others are alike. */
const names: readonly (readonly [string, string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

const renamed = (object: JsonObject, by: ReadonlyMap<string, string>): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [by.get(name) ?? name, value]));

const toStored = new Map(names.map(([core, events]) => [events, core]));
const fromStored = new Map(names);

/** Events of one API are those of the other: they are kept as core/v1 has them. */
const asCore: View = {
  of: { group: '', plural: 'events', kind: 'Event', storage: 'v1' },
  toStored: (event) => renamed(event, toStored),
  fromStored: (event) => renamed(event, fromStored),
};

const event = {
  versions: ['v1'],
  storage: 'v1',
  plural: 'events',
  singular: 'event',
  kind: 'Event',
  shortNames: ['ev'],
  namespaced: true,
  subresources: [],
  custom: false,
  generation: false,
  createOnUpdate: true,
} as const;

export const coreEvents: Resource = { ...event, group: '', check: checkCoreEvent };

export const events: Resource = { ...event, group: 'events.k8s.io', view: asCore, check: checkEvent };
