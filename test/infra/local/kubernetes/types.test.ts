import { describe, expect, it } from 'vitest';
import { decodeAs } from '../../../../infra/local/kubernetes/types/decode.ts';
import { scan } from '../../../../infra/local/kubernetes/types/syntax.ts';
import { emptyOf, fmtText, pathText, writtenText } from '../../../../infra/local/kubernetes/types/written.ts';

const pod = 'core/v1.Pod';
const container = { name: 'c', image: 'i' };

describe('an object of a built-in kind', () => {
  it.each([
    [
      'a text for a bool',
      { spec: { hostNetwork: 'yes' } },
      'string',
      'PodSpec.spec.hostNetwork of type bool',
    ],
    ['a bool for a text', { metadata: { name: true } }, 'bool', 'ObjectMeta.metadata.name of type string'],
    [
      'a number for a text of a kind of its own',
      { spec: { restartPolicy: 1 } },
      'number',
      'PodSpec.spec.restartPolicy of type v1.RestartPolicy',
    ],
    [
      'a map for a list',
      { spec: { containers: {} } },
      'object',
      'PodSpec.spec.containers of type []v1.Container',
    ],
    ['a list for a struct', { spec: [] }, 'array', 'Pod.spec of type v1.PodSpec'],
    [
      'a text for a map',
      { metadata: { labels: 'x' } },
      'string',
      'ObjectMeta.metadata.labels of type map[string]string',
    ],
    [
      'a number in a map of texts',
      { metadata: { labels: { a: 1 } } },
      'number',
      'ObjectMeta.metadata.labels of type string',
    ],
    ['a broken number', { spec: { priority: 1.5 } }, 'number 1.5', 'PodSpec.spec.priority of type int32'],
    [
      'a number too large',
      { spec: { priority: 2 ** 31 } },
      'number 2147483648',
      'PodSpec.spec.priority of type int32',
    ],
    [
      'a text inside of a list',
      { spec: { containers: [container, { name: 2 }] } },
      'number',
      'Container.spec.containers.name of type string',
    ],
    [
      'a bool for a number or a text',
      { spec: { containers: [{ livenessProbe: { httpGet: { port: true } } }] } },
      'bool',
      'HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32',
    ],
  ])('with %s does not decode', (_, object, what, where) => {
    expect(() => decodeAs(object, pod)).toThrow(
      `json: cannot unmarshal ${what} into Go struct field ${where}`,
    );
  });

  it('with a quantity or a time that is none does not decode', () => {
    const spec = { containers: [{ resources: { limits: { cpu: 'much' } } }] };
    expect(() => decodeAs({ spec }, pod)).toThrow('quantities must match the regular expression');
    const metadata = { creationTimestamp: 'now' };
    expect(() => decodeAs({ metadata }, pod)).toThrow(
      'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"',
    );
  });

  it('loses what its type has not, and null, which are told by their paths', () => {
    const object = { spec: { containers: [{ ...container, imagee: 'x', command: null }], more: 1 } };
    expect(decodeAs(object, pod)).toEqual({
      object: { spec: { containers: [container] } },
      unknown: ['spec.containers[0].imagee', 'spec.more'],
    });
  });

  it('has what no Go struct leaves out when it is empty', () => {
    expect(emptyOf(pod)).toEqual({ metadata: {}, spec: { containers: null }, status: {} });
  });

  it('is written in the order of its type, and by name where a patch went', () => {
    const object = {
      kind: 'Pod',
      metadata: { uid: 'u', namespace: 'n', name: 'a', labels: { b: '<', a: '' } },
    };
    const order = '"name":"a","namespace":"n","uid":"u","labels":{"a":"","b":"\\u003c"}';
    expect(writtenText(object, pod, new Set())).toBe(`{"kind":"Pod","metadata":{${order}}}`);
    const touched = new Set([pathText([]), pathText(['metadata'])]);
    const sorted = '"labels":{"a":"","b":"\\u003c"},"name":"a","namespace":"n","uid":"u"';
    expect(writtenText(object, pod, touched)).toBe(`{"kind":"Pod","metadata":{${sorted}}}`);
  });
});

it('a value is printed as fmt prints it', () => {
  expect(fmtText([['example.com/b'], [{ b: null, a: [true, 1] }]])).toBe(
    '[[example.com/b] [map[a:[true 1] b:<nil>]]]',
  );
});

describe('JSON', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['{"a":1', 'unexpected end of JSON input'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 2}', "invalid character '2' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['1 2', "invalid character '2' after top-level value"],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['01', "invalid character '1' after top-level value"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12x4"', "invalid character 'x' in \\u hexadecimal character escape"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ['é', "invalid character 'Ã' looking for beginning of value"],
  ])('%s is none: %s', (text, why) => {
    expect(() => scan(Buffer.from(text))).toThrow(why);
  });

  it('that parses is told what stands twice in it', () => {
    const text = '{"a":[{"b":1,"b":2,"c":{}},{"b":1}],"a":-0.5e+1,"ü":"\\"","ü":null}';
    expect(scan(Buffer.from(text)).duplicates).toEqual(['a[0].b', 'a', 'ü']);
    expect(scan(Buffer.from(' [ ] ')).duplicates).toEqual([]);
  });
});
