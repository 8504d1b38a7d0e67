import { describe, expect, it } from 'vitest';
import { kubernetesCel } from '../../../../infra/local/kubernetes/cel/environment.ts';
import { escaped } from '../../../../infra/local/kubernetes/cel/names.ts';
import { compile } from '../../../../infra/local/kubernetes/cel/program.ts';
import { declareType } from '../../../../infra/local/kubernetes/cel/types.ts';
import type { Json } from '../../../../infra/local/kubernetes/objects/object.ts';
import type { Structure } from '../../../../infra/local/kubernetes/schema/structure.ts';

/** What an expression comes to, or the words of why it does not. */
const comes = (source: string): unknown => {
  const program = compile(kubernetesCel(), source);
  if (!program.ok) return program.error;
  const outcome = program.run({});
  return outcome.ok ? outcome.value : outcome.error;
};

describe('the functions that Kubernetes adds to CEL', () => {
  it.each([
    // The examples of apiserver pkg/cel/library.
    "ip('127.0.0.1').family() == 4 && ip('::1').family() == 6",
    "isIP('127.0.0.1') && !isIP('127.0.0.256') && !isIP('::ffff:1.2.3.4') && !isIP('fe80::1%eth0') && !isIP('127.0.0.01')",
    "ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD')",
    "ip('::').isUnspecified() && ip('127.0.0.1').isLoopback() && !ip('192.168.0.1').isLoopback()",
    "ip('224.0.0.1').isLinkLocalMulticast() && !ip('224.0.1.1').isLinkLocalMulticast()",
    "ip('169.254.169.254').isLinkLocalUnicast() && !ip('fd80::1').isLinkLocalUnicast()",
    "ip('192.168.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast()",
    "isCIDR('192.168.0.0/16') && !isCIDR('192.168.0.0/33') && !isCIDR('192.168.0.0') && !isCIDR('::1/129')",
    "cidr('192.168.0.0/24').containsIP(ip('192.168.0.1')) && !cidr('192.168.0.0/24').containsIP('192.168.1.1')",
    "cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24') && !cidr('192.168.1.0/24').containsCIDR('192.168.2.0/24')",
    "cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24') && cidr('::1/128').prefixLength() == 128",
    "string(cidr('10.1.2.3/8').ip()) == '10.1.2.3' && string(cidr('2001:db8::1/33').masked()) == '2001:db8::/33'",
    'quantity("50000000G").isInteger() && quantity("50k").asInteger() == 50000 && !isQuantity("3x")',
    'quantity("200M").compareTo(quantity("0.2G")) == 0 && quantity("50M").isLessThan(quantity("50Mi"))',
    'quantity("50k").add(20).sub(quantity("100k")).sub(-50000) == quantity("20") && quantity("-1").sign() == -1',
    "url('https://example.com:80/path with spaces/?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}",
    "url('https://[::1]:80/').getHost() == '[::1]:80' && url('https://[::1]:80/').getHostname() == '::1'",
    "url('https://example.com').getEscapedPath() == '' && url('/path').getScheme() == '' && !isURL('../relative-path')",
    "!isURL('https://a:b:c/') && url('https://example.com/').getPort() == ''",
    '!format.dns1123Label().validate("my-name").hasValue() && format.dns1123Label().validate("My").hasValue()',
    'format.named("uuid").value().validate("x").value() == ["does not match the UUID format"]',
    "'abc 123'.find('[0-9]+') == '123' && '123 abc 456'.findAll('[0-9]+') == ['123', '456'] && '1 2'.findAll('[0-9]', 1) == ['1']",
    "[1, 2].all(i, v, v == i + 1) && {'a': 1}.exists(k, v, k == 'a' && v == 1) && [1, 2].existsOne(i, v, i == v - 1 && i == 1)",
    '[1, 2].transformList(i, v, v * 2) == [2, 4] && [1, 2].transformList(i, v, i > 0, v) == [2]',
    'optional.of(1).optMap(x, x + 1).value() == 2 && !optional.none().optMap(x, x).hasValue()',
    "'ABC'.matches('(?i)^abc$') && 'a1'.matches('\\\\A(?P<letter>[[:alpha:]])1\\\\z') && !'b'.matches('^a$')",
    "[1, 2, 3].isSorted() && [1, 3].sum() == 4 && [1, 3].max() == 3 && ['a', 'b', 'b'].lastIndexOf('b') == 2",
    '[1, 2, 3].slice(0, 2) == [1, 2] && [[1], [2]].flatten() == [1, 2] && [2, 1, 2].distinct() == [2, 1] && lists.range(2) == [0, 1]',
    'sets.contains([1, 2], [1]) && sets.equivalent([1, 1], [1]) && !sets.intersects([1], [2])',
    "'hello'.charAt(4) == 'o' && 'hello hello'.replace('he', 'we', 1) == 'wello hello' && strings.quote('a\"b') == '\"a\\\\\"b\"'",
    "'%s has %d of %.1f, %x'.format(['a', 3, 2.55, 255]) == 'a has 3 of 2.5, ff' || '%.1f'.format([2.55]) == '2.6'",
    "'%s'.format([[1, 2]]) == '[1, 2]' && string(duration('90s')) == '90s' && int(timestamp('1970-01-01T00:01:00Z')) == 60",
  ])('%s', (source) => {
    expect(comes(source)).toBe(true);
  });

  it.each([
    [
      "ip('nope')",
      'IP Address "nope" parse error during conversion from string: ParseAddr("nope"): unable to parse IP',
    ],
    ["ip('::ffff:1.2.3.4')", 'IPv4-mapped IPv6 address "::ffff:1.2.3.4" is not allowed'],
    ['[].min()', 'min called on empty list'],
    ["'a'.matches('(')", 'error parsing regexp: Invalid regular expression: /(/: Unterminated group'],
    ['quantity("9999999999999999999999G").asInteger()', 'cannot convert value to integer'],
    ['1 / 0', 'division by zero'],
    ['[1][1]', 'index out of bounds: 1'],
    ['{"a": 1}.b', 'no such key: b'],
    ['dyn(1) + dyn("a")', 'no such overload'],
    ['optional.none().value()', 'optional.none() dereference'],
  ])('%s fails in its words', (source, error) => {
    expect(comes(source)).toBe(error);
  });
});

describe('values by their schema', () => {
  const text: Structure = { type: 'string' };
  const item: Structure = { type: 'object', properties: { name: text, n: { type: 'integer' } } };
  const structure: Structure = {
    type: 'object',
    properties: {
      set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
      list: { type: 'array', items: text },
      map: {
        type: 'array',
        items: item,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
      },
      at: { type: 'string', format: 'date-time' },
      lasts: { type: 'string', format: 'duration' },
      bytes: { type: 'string', format: 'byte' },
      port: { 'x-kubernetes-int-or-string': true },
      share: { type: 'number' },
      hidden: { 'x-kubernetes-preserve-unknown-fields': true },
    },
  };
  const judge = (source: string, self: Json, oldSelf: Json = self): unknown => {
    const env = kubernetesCel();
    const type = declareType(env, structure, 'selfType')!;
    env.registerVariable('self', type.name).registerVariable('oldSelf', type.name);
    const program = compile(env, source);
    if (!program.ok) return program.error;
    const outcome = program.run({ self: type.from(self), oldSelf: type.from(oldSelf) });
    return outcome.ok ? outcome.value : outcome.error;
  };

  it.each([
    [
      'sets are equal in any order',
      'self.set == oldSelf.set',
      { set: ['a', 'b'] },
      { set: ['b', 'a'] },
      true,
    ],
    ['lists are not', 'self.list == oldSelf.list', { list: ['a', 'b'] }, { list: ['b', 'a'] }, false],
    [
      'list maps are, and objects that hold them',
      'self.map == oldSelf.map && self == oldSelf',
      { map: [{ name: 'a', n: 1 }, { name: 'b' }] },
      { map: [{ name: 'b' }, { name: 'a', n: 1 }] },
      true,
    ],
    [
      'items of one key and another value differ',
      'self.map == oldSelf.map',
      { map: [{ name: 'a', n: 1 }] },
      { map: [{ name: 'a', n: 2 }] },
      false,
    ],
  ])('%s', (_, source, self, old, expected) => {
    expect(judge(source, self as Json, old as Json)).toBe(expected);
  });

  it('times, durations, bytes and numbers are of their own types', () => {
    const self = { at: '2026-01-01T00:00:00Z', lasts: '1h30m', bytes: 'YQ==', port: '5%', share: 2 };
    expect(
      judge(
        'self.at > timestamp("2025-01-01T00:00:00Z") && self.lasts == duration("90m") && self.bytes == b"a" && type(self.port) == string && type(self.share) == double',
        self,
      ),
    ).toBe(true);
  });

  it('what has no schema cannot be seen', () => {
    expect(judge('has(self.hidden)', {})).toContain("undefined field 'hidden'");
  });
});

it.each([
  ['namespace', '__namespace__'],
  ['a-b.c/d', 'a__dash__b__dot__c__slash__d'],
  ['x__y', 'x__underscores__y'],
  ['plain_name', 'plain_name'],
  ['a$', undefined],
  ['1a', undefined],
])('the property %s is written %s', (name, written) => {
  expect(escaped(name)).toBe(written);
});
