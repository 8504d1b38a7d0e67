import { type Environment, Optional } from '@marcbachmann/cel-js';
import {
  keyRule,
  label,
  labelRule,
  labelValue,
  qualifiedName,
  subdomain,
  subdomainRule,
  valueRule,
} from '../../objects/names.ts';

/** What is wrong with a text, if anything. */
type Check = (text: string) => string[];

const dns1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const dns1035Rule =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const limited =
  (form: RegExp, rule: string, most: number): Check =>
  (text) => [
    ...(text.length > most ? [`must be no more than ${most} characters`] : []),
    ...(form.test(text) ? [] : [rule]),
  ];

/** A prefix of a name may end in a dash: something will follow. */
const prefix =
  (check: Check): Check =>
  (text) =>
    check(text.replace(/-$/, 'a'));

const qualified: Check = (text) => {
  const parts = text.split('/');
  if (parts.length > 2) {
    return [
      `a qualified name ${keyRule.replace('name part ', '')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1) ?? '';
  const before = parts.length === 2 ? (parts[0] ?? '') : undefined;
  return [
    ...(before === '' ? ['prefix part must be non-empty'] : []),
    ...(before ? dns1123Subdomain(before).map((why) => `prefix part ${why}`) : []),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...(name.length > 63 ? ['name part must be no more than 63 characters'] : []),
    ...(qualifiedName.test(name) ? [] : [keyRule]),
  ];
};

const matching =
  (form: RegExp, why: string): Check =>
  (text) =>
    form.test(text) ? [] : [why];

const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const time = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})?$/;

const dns1123Label = limited(label, labelRule, 63);
const dns1123Subdomain = limited(subdomain, subdomainRule, 253);
const dns1035Label = limited(dns1035, dns1035Rule, 63);

/** The formats that rules can name (apiserver `pkg/cel/library/format.go`). */
const formats: Readonly<Record<string, Check>> = {
  dns1123Label,
  dns1123Subdomain,
  dns1035Label,
  qualifiedName: qualified,
  dns1123LabelPrefix: prefix(dns1123Label),
  dns1123SubdomainPrefix: prefix(dns1123Subdomain),
  dns1035LabelPrefix: prefix(dns1035Label),
  labelValue: limited(labelValue, valueRule, 63),
  uri: (text) =>
    URL.canParse(text) || text.startsWith('/')
      ? []
      : [`parse ${JSON.stringify(text)}: invalid URI for request`],
  uuid: matching(
    /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
    'does not match the UUID format',
  ),
  byte: matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'invalid base64'),
  date: matching(date, 'invalid date'),
  datetime: matching(time, 'invalid datetime'),
};

/** `kubernetes.NamedFormat` of CEL. */
class Format {
  readonly name: string;
  readonly check: Check;
  constructor(name: string, check: Check) {
    this.name = name;
    this.check = check;
  }
}

/** The namespace of `format.dns1123Label()`. */
class Formats {}

/** `format.NAME().validate(text)`: what is wrong with it, or none. */
export const formatFunctions = (env: Environment): void => {
  env
    .registerType('kubernetes.NamedFormat', Format)
    .registerType('kubernetes.Formats', Formats)
    .registerConstant('format', 'kubernetes.Formats', new Formats())
    .registerFunction(
      'kubernetes.NamedFormat.validate(string): optional<list<string>>',
      (format: Format, text: string) => {
        const wrong = format.check(text);
        return wrong.length === 0 ? Optional.none() : Optional.of(wrong);
      },
    )
    .registerFunction(
      'kubernetes.Formats.named(string): optional<kubernetes.NamedFormat>',
      (_: Formats, name: string) => {
        const check = formats[name];
        return check === undefined ? Optional.none() : Optional.of(new Format(name, check));
      },
    );
  for (const [name, check] of Object.entries(formats)) {
    const format = new Format(name, check);
    env.registerFunction(`kubernetes.Formats.${name}(): kubernetes.NamedFormat`, () => format);
  }
};
