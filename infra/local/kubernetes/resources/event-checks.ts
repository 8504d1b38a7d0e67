import { type Cause, immutable, invalidValue, required } from '../objects/cause.ts';
import { qualifiedNameFaults } from '../objects/names.ts';
import { isObject, type Json, type KubeObject, record, text } from '../objects/object.ts';

/** What is wrong with an Event (pkg/apis/core/validation/events.go); in the words of core/v1, as Events are kept. */

const most = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

const textOf = (value: Json | undefined): string => text(value) ?? '';

const tooLongFor = (event: KubeObject, field: keyof typeof most): Cause[] =>
  Buffer.byteLength(textOf(event[field])) > most[field]
    ? [invalidValue(field, '', `can have at most ${most[field]} characters`)]
    : [];

const missing = (event: KubeObject, field: string, named = field): Cause[] =>
  textOf(event[field]) === '' ? [required(named)] : [];

/** Rules for both APIs (legacyValidateEvent). @param reporter what the API calls the controller */
const legacyCauses = (event: KubeObject, reporter: string): Cause[] => {
  const about = textOf(record(event.involvedObject).namespace);
  const { namespace } = event.metadata;
  const elsewhere = [invalidValue('involvedObject.namespace', about, 'does not match event.namespace')];
  if (event.eventTime == null) {
    const fits = about === '' ? namespace === 'default' : namespace === about;
    return fits ? [] : elsewhere;
  }
  const controller = textOf(event.reportingComponent);
  return [
    ...(about === '' && namespace !== 'default' && namespace !== 'kube-system' ? elsewhere : []),
    ...missing(event, 'reportingComponent', reporter),
    ...qualifiedNameFaults(controller).map((why) => invalidValue(reporter, controller, why)),
    ...missing(event, 'reportingInstance'),
    ...tooLongFor(event, 'reportingInstance'),
    ...missing(event, 'action'),
    ...tooLongFor(event, 'action'),
    ...missing(event, 'reason'),
    ...tooLongFor(event, 'reason'),
    ...tooLongFor(event, 'message'),
  ];
};

const seriesCauses = ({ series }: KubeObject): Cause[] => {
  if (!isObject(series)) return [];
  const { count, lastObservedTime } = series;
  return [
    ...(Number(count ?? 0) < 2 ? [invalidValue('series.count', '', 'should be at least 2')] : []),
    ...(lastObservedTime == null ? [required('series.lastObservedTime')] : []),
  ];
};

const unset = (is: boolean, field: string): Cause[] =>
  is ? [] : [invalidValue(field, '', 'needs to be unset')];

const newCauses = (event: KubeObject): Cause[] => {
  const { component, host } = record(event.source);
  const type = textOf(event.type);
  return [
    ...seriesCauses(event),
    ...(event.eventTime == null ? [required('eventTime')] : []),
    ...(type === 'Normal' || type === 'Warning'
      ? []
      : [invalidValue('type', '', `has invalid value: ${type}`)]),
    ...unset(event.firstTimestamp == null, 'firstTimestamp'),
    ...unset(event.lastTimestamp == null, 'lastTimestamp'),
    ...unset(Number(event.count ?? 0) === 0, 'count'),
    ...unset(textOf(component) === '' && textOf(host) === '', 'source'),
  ];
};

/** What stays as it was made, in the order in which it is checked: one of them twice. */
const kept = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'reason',
  'type',
  'eventTime',
  'action',
  'related',
  'reportingController',
  'reportingInstance',
] as const;

/** The field of core/v1 behind a name of the internal type. */
const keptAs = (field: string): string => (field === 'reportingController' ? 'reportingComponent' : field);

const same = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Fields whose absence Go prints as `null`. */
const nothing = new Set(['eventTime', 'firstTimestamp', 'lastTimestamp', 'related']);

/** An object as Go prints one that has no names in JSON. */
const printed = (value: Json | undefined, field: string): unknown => {
  if (field === 'count') return value ?? 0;
  if (!isObject(value)) return value ?? (nothing.has(field) ? null : '');
  const of = (name: string): Json => value[name] ?? '';
  return field === 'source'
    ? { Component: of('component'), Host: of('host') }
    : {
        Kind: of('kind'),
        Namespace: of('namespace'),
        Name: of('name'),
        UID: of('uid'),
        APIVersion: of('apiVersion'),
        ResourceVersion: of('resourceVersion'),
        FieldPath: of('fieldPath'),
      };
};

const changeCauses = (event: KubeObject, old: KubeObject): Cause[] => [
  ...(same(event.series, old.series) ? [] : seriesCauses(event)),
  ...kept.flatMap((field) => {
    const value = event[keptAs(field)];
    return same(value, old[keptAs(field)]) ? [] : [immutable(field, printed(value, field))];
  }),
];

/** Through core/v1, where anything goes that ever went. */
export const checkCoreEvent = (event: KubeObject): Cause[] => legacyCauses(event, 'reportingComponent');

/** Through events.k8s.io/v1. */
export const checkEvent = (event: KubeObject, old: KubeObject | undefined): Cause[] => [
  ...legacyCauses(event, 'reportingController'),
  ...(old === undefined ? newCauses(event) : changeCauses(event, old)),
];
