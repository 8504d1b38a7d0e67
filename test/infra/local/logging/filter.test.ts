import { expect, test } from 'vitest';
import { parseFilter } from '../../../../infra/local/logging/filter.ts';

const entry = {
  logName: 'projects/p/logs/audit',
  timestamp: '2026-01-01T10:00:00.000000005Z',
  severity: 'WARNING',
  resource: { type: 'k8s_cluster', labels: { cluster_name: 'one' } },
  labels: { 'a.b/c': 'x', plain: 'Yes' },
  protoPayload: {
    status: { code: 7 },
    ok: true,
    request: { status: { conditions: [{ type: 'Initialized' }, { type: 'Ready' }], podIP: '10.0.0.1' } },
  },
};

test.each([
  ['', true],
  ['-- nothing but a comment', true],
  ['resource.type="k8s_cluster"', true],
  ['resource.type=k8s_cluster', true],
  ['resource.type="K8S_Cluster"', true],
  ['resource.type="k8s"', false],
  ['resource.type:"k8s"', true],
  ['resource.type!="gce_instance"', true],
  ['labels."a.b/c"="x"', true],
  ['labels."a.b/d"="x"', false],
  ['labels.plain:*', true],
  ['protoPayload.status.code=7', true],
  ['protoPayload.status.code>6', true],
  ['protoPayload.status.code>=8', false],
  ['protoPayload.status.code<10', true],
  ['protoPayload.ok=true', true],
  ['severity>=WARNING', true],
  ['severity>"error"', false],
  ['severity=400', true],
])('a comparison: %s', (filter, passes) => {
  expect(parseFilter(filter)(entry)).toBe(passes);
});

test.each([
  ['protoPayload.request.status.conditions.type="Ready"', true],
  ['protoPayload.request.status.conditions.type="ContainersReady"', false],
  ['protoPayload.request.status.conditions.type!="Ready"', true],
  ['NOT protoPayload.request.status.conditions.type="Ready"', false],
])('a comparison of a repeated field is true if any element passes: %s', (filter, passes) => {
  expect(parseFilter(filter)(entry)).toBe(passes);
});

test.each([
  ['protoPayload.nowhere="x"', false],
  ['protoPayload.nowhere!="x"', false],
  ['protoPayload.nowhere!~"x"', false],
  ['protoPayload.nowhere>0', false],
  ['protoPayload.nowhere:*', false],
  ['NOT protoPayload.nowhere:*', true],
  ['NOT protoPayload.nowhere="x"', true],
])('a field that is missing in a payload passes no comparison, only NOT: %s', (filter, passes) => {
  expect(parseFilter(filter)(entry)).toBe(passes);
});

test.each([
  ['trace=""', true],
  ['traceSampled=false', true],
  ['trace:*', false],
  ['severity=DEFAULT', true],
])('a field of the LogEntry type that is missing compares as its default: %s', (filter, passes) => {
  expect(parseFilter(filter)({})).toBe(passes);
});

test.each([
  ['timestamp>"2026-01-01T10:00:00Z"', true],
  ['timestamp>"2026-01-01T10:00:00.000000005Z"', false],
  ['timestamp>="2026-01-01T10:00:00.000000005Z"', true],
  ['timestamp="2026-01-01T11:00:00.000000005+01:00"', true],
  ['timestamp<"2026-01-01T11:30:00+01:00"', true],
  ['timestamp>="2026-01-01"', true],
  ['timestamp>="2026-01-02"', false],
])('timestamps compare as times, to the nanosecond: %s', (filter, passes) => {
  expect(parseFilter(filter)(entry)).toBe(passes);
});

test.each([
  ['resource.type=~"^k8s_"', true],
  ['resource.type=~"cluster"', true],
  ['resource.type=~"^K8S"', false],
  ['resource.type=~"(?i)^K8S"', true],
  ['resource.type!~"^gce"', true],
  ['logName=~"logs\\/aud.t$"', true],
])('regular expressions search, and regard case: %s', (filter, passes) => {
  expect(parseFilter(filter)(entry)).toBe(passes);
});

const t = 'resource.type="k8s_cluster"';
const f = 'resource.type="other"';

test.each([
  [`${t} AND ${f}`, false],
  [`${t} OR ${f}`, true],
  [`${t}\n${f}`, false],
  [`${t}\n${t}`, true],
  [`${t} ${f}`, false],
  [`${f}\nOR ${t}`, true],
  // OR before AND: f AND (t OR t), not (f AND t) OR t.
  [`${f} AND ${t} OR ${t}`, false],
  [`(${f} AND ${t}) OR ${t}`, true],
  [`NOT ${f} AND ${t}`, true],
  [`NOT (${f} OR ${t})`, false],
  [`NOT NOT ${t}`, true],
  [`-${f}`, true],
  [`-${t}`, false],
  [`NOT ${t} OR ${t}`, true],
  ['resource.type=("other" OR "k8s_cluster")', true],
  ['resource.type=(other OR another)', false],
  [`${f} -- OR ${t}\nOR ${t} -- the end`, true],
  ['resource.type="a -- b" OR labels.plain="yes"', true],
])('AND, OR, NOT, lines, parentheses and comments: %s', (filter, passes) => {
  expect(parseFilter(filter)(entry)).toBe(passes);
});

test.each([
  ['"just text"', 'searched in every field is not offered at line 1, column 1'],
  ['resource.type', 'a comparison is missing after "resource.type" at line 1, column 14'],
  [`${t}\nAND`, 'a field is missing at line 2, column 4'],
  [`(${t}`, '")" is missing at line 1, column 29'],
  [`${t})`, 'unexpected ")" at line 1, column 28'],
  ['resource.type=', 'a value is missing at line 1, column 15'],
  ['resource.type=("a" AND "b")', 'OR or ")" is missing at line 1, column 20'],
  ['SEARCH("x")', 'the function "SEARCH" is not offered at line 1, column 1'],
  ['thud="x"', 'no log entry has the field "thud" at line 1, column 1'],
  ['resource.kind="x"', 'no log entry has the field "resource.kind"'],
  [`${t}\n  timestamp>"soon"`, '"soon" is no time (RFC 3339) at line 2, column 13'],
  ['severity>=LOUD', '"LOUD" is no severity'],
  ['resource.type=~"(?=x)"', 'neither look-around nor back references'],
  ['resource.type=~"("', 'at line 1, column 16'],
  [`${t} and ${t}`, 'no log entry has the field "and" at line 1, column 29'],
  ['resource.type="open', 'unexpected "\\""'],
  ['resource.type=a;b', 'unexpected ";" at line 1, column 16'],
  ['x'.repeat(20_001), 'more than 20000 characters'],
])('what cannot be read is refused with its place: %s', (filter, message) => {
  expect(() => parseFilter(filter)).toThrow(message);
});
