import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from '../../../../infra/local/kubernetes/objects/label-selector.ts';

describe('a label selector', () => {
  it.each([
    ['a', [{ key: 'a', operator: 'exists', values: [] }]],
    ['!a', [{ key: 'a', operator: '!', values: [] }]],
    ['a=b', [{ key: 'a', operator: '=', values: ['b'] }]],
    [
      'a = ,b',
      [
        { key: 'a', operator: '=', values: [''] },
        { key: 'b', operator: 'exists', values: [] },
      ],
    ],
    ['a notin (c,b,,c)', [{ key: 'a', operator: 'notin', values: ['', 'b', 'c'] }]],
    ['in in (in)', [{ key: 'in', operator: 'in', values: ['in'] }]],
    ['example.com/a>5', [{ key: 'example.com/a', operator: '>', values: ['5'] }]],
    ['a in ()', [{ key: 'a', operator: 'in', values: [''] }]],
    ['', []],
  ])('%s is read', (text, requirements) => {
    expect(parseLabelSelector(text)).toEqual(requirements);
  });

  it.each([
    ['=', "found '=', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a in (=)', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
    ['a in (b c)', "unable to parse requirement: found 'c', expected: ',' or ')'"],
    ['a=(', "unable to parse requirement: found '(', expected: identifier"],
    ['!=', "found '!=', expected: !, identifier, or 'end of string'"],
    ['a>x', "values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"],
    ['a=b_', 'values[0][a]: Invalid value: "b_": a valid label must be an empty string or consist of'],
    ['a//b', 'unable to parse requirement: <nil>: Invalid value: "a//b": a qualified name must consist of'],
  ])('%s is none: %s', (text, why) => {
    expect(() => parseLabelSelector(text)).toThrow(why);
  });
});
