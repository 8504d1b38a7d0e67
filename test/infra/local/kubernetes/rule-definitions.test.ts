import { expect, it } from 'vitest';
import { ruleFaults } from '../../../../infra/local/kubernetes/schema/rule-definitions.ts';
import type { Rule, Structure } from '../../../../infra/local/kubernetes/schema/structure.ts';

const place = 'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0]';

const faults = (rule: Rule, spec: Structure = {}): string[] =>
  ruleFaults(
    {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: { n: { type: 'integer' }, s: { type: 'string' } },
          ...spec,
          'x-kubernetes-validations': [rule],
        },
      },
    },
    'spec.validation.openAPIV3Schema',
  ).map(({ field, message }) => `${field}: ${message}`);

it.each([
  ['a field that there is not', 'self.zone == "a"', 5, "undefined field 'zone'"],
  ['one in has()', 'has(self.zone)', 9, "undefined field 'zone'"],
  ['a name that there is not', 'this.n == 1', 1, "undeclared reference to 'this' (in container '')"],
  [
    'a function that there is not',
    'self.s.shout() == "A"',
    13,
    "undeclared reference to 'shout' (in container '')",
  ],
  [
    'types that do not fit',
    'self.s + 1 == "a"',
    8,
    "found no matching overload for '_+_' applied to '(string, int)'",
  ],
  [
    'an argument that does not',
    'self.s.contains(1)',
    16,
    "found no matching overload for 'contains' applied to 'string.(int)'",
  ],
  [
    'a number for a truth',
    'self.n > 1 && self.n',
    12,
    "found no matching overload for '_&&_' applied to '(bool, int)'",
  ],
])('a rule with %s does not compile, and the place is shown', (_, rule, column, why) => {
  const [fault] = faults({ rule });
  const printed = `{"Rule":${JSON.stringify(rule).replaceAll('&', '\\u0026').replaceAll('>', '\\u003e')},"Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}`;
  expect(fault).toBe(
    `${place}.rule: Invalid value: ${printed}: compilation failed: ERROR: <input>:1:${column}: ${why}\n | ${rule}\n | ${'.'.repeat(column - 1)}^`,
  );
});

it('a rule that ends too early is a syntax error', () => {
  expect(faults({ rule: 'self.n >' })[0]).toContain(
    "compilation failed: ERROR: <input>:1:9: Syntax error: mismatched input '<EOF>' expecting",
  );
});

it.each<[string, Rule, string]>([
  ['comes to no truth', { rule: 'self.n' }, 'cel expression must evaluate to a bool'],
  ['is empty', { rule: ' ' }, 'Required value: rule is not specified'],
  ['has an empty message', { rule: 'true', message: ' ' }, 'must be non-empty if specified'],
  ['has a message of two lines', { rule: 'true', message: 'a\nb' }, 'must not contain line breaks'],
  [
    'has two lines and no message',
    { rule: 'true\n&& true' },
    'message must be specified if rule contains line breaks',
  ],
  [
    'has an expression of a message that is none',
    { rule: 'true', messageExpression: 'self.n' },
    'messageExpression must evaluate to a string',
  ],
  [
    'has one that does not compile',
    { rule: 'true', messageExpression: 'self.x' },
    'messageExpression compilation failed: ERROR: <input>:1:5: undefined field',
  ],
  ['names a field that is not there', { rule: 'true', fieldPath: '.x' }, 'must be a valid path'],
  [
    'names a reason that is none',
    { rule: 'true', reason: 'Because' },
    'supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
  ],
  [
    'takes an oldSelf as optional that it does not read',
    { rule: 'true', optionalOldSelf: true },
    'may not be set if oldSelf is not used in rule',
  ],
])('a rule that %s makes its definition invalid', (_, rule, why) => {
  const found = faults(rule);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(why);
});

it('a rule with oldSelf stands nowhere below a list whose items cannot be told apart', () => {
  const items: Structure = {
    type: 'object',
    properties: { n: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] } },
  };
  const list: Structure = { type: 'array', items };
  const of = (structure: Structure): string[] =>
    ruleFaults({ type: 'object', properties: { list: structure } }, 'x').map(({ message }) => message);
  expect(of(list)).toEqual([
    'Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within x.properties[list]',
  ]);
  expect(of({ ...list, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['n'] })).toEqual([]);
});

it('a rule that is sound is let in, with the names that Kubernetes escapes', () => {
  expect(
    faults(
      { rule: 'self.__namespace__ == self.a__dash__b && has(self.__for__)' },
      { properties: { namespace: { type: 'string' }, 'a-b': { type: 'string' }, for: { type: 'string' } } },
    ),
  ).toEqual([]);
});
